import Control
import Files
import Foundation
import Import
import Jobs
import Logging
import Model
import ServiceLifecycle
import Store
import Systemd
import UnixSignals

/// The daemon from its start to its end, in the order in which things happen.
struct DaemonProcess {
  /// While a newer version rewrites the database the service manager hears of it this often, and waits so much longer.
  private static let extensionInterval = Duration.seconds(10)
  private static let extensionLength = Duration.seconds(60)

  let configuration: Configuration
  let folders: Folders
  let sockets: ControlSockets
  let log: Logger

  func run() async throws {
    let time = Time.system
    let notify = Notify()
    try makeFolder(folders.state, mode: 0o700)
    let lock = try StateLock(folder: folders.state)
    defer { withExtendedLifetime(lock) {} }
    let store = try await openStore(time, notify)
    let heartbeat = Heartbeat(every: notify.watchdogTimeout.map { $0 / 4 }, time: time)
    let shared = SharedServices(
      folders: folders, timezone: configuration.timezone, store: store,
      outcomes: OutcomeWriter(store: store, time: time, log: log), heartbeat: heartbeat, time: time, log: log)
    let first = try RunningConfiguration(configuration, shared)
    let current = CurrentConfiguration(first)
    let before = try await store.snapshot(job: nil, recent: 0).last.sequence
    try await first.adoptPipelines(store, log)
    let left = try await first.runner.recover()
    try await first.reportForsakenJobs(shared)

    let stopping = StopFlag()
    let service = ControlService(
      store: store, current: current, imports: Imports(store: store, time: time),
      backups: Backups(folder: folders.backups, store: store),
      codes: WebCodes(), users: UserDatabase(time: time), time: time, startedAt: time.now(), log: log,
      stopping: stopping)
    if case .path(let path, _) = sockets.control {
      try makeFolder((path as NSString).deletingLastPathComponent, mode: 0o755)
    }
    // Before anybody is answered: who has an answer may stop the daemon, and finds it stopping in order.
    let stops = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    let hangups = await UnixSignalsSequence(trapping: .sighup)
    let server = try await ControlServer.listen(on: sockets.control, watching: sockets.watch, service)
    notify.ready(status: "idle")
    log.notice("invoiced \(Version.text) is ready", metadata: .id(.daemonStarted))

    // Stops from the back: first the runner finishes its sends, while watchers still see the end of them.
    var services: [any Service] = [
      server, EventJournal(store: store, current: current, notify: notify, time: time, after: before),
      Trimming(current: current, store: store, time: time), MemoryReturn(time: time),
    ]
    if let timeout = notify.watchdogTimeout {
      services.append(Watchdog(timeout: timeout, heartbeat: heartbeat, notify: notify, time: time))
    }
    services.append(
      RunnerService(
        store: store, current: current, left: left, stopping: stopping, notify: notify, time: time, log: log))
    services.append(Reloading(signals: hangups, current: current, shared: shared, notify: notify))
    services.append(Stopping(signals: stops))
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services.map {
          ServiceGroupConfiguration.ServiceConfiguration(
            service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        },
        logger: log))
    try await group.run()
    try store.close()
  }

  private func openStore(_ time: Time, _ notify: Notify) async throws -> Store {
    // Cancelled when the store is open.
    async let _: Void = Self.extendStart(time, notify)
    let (path, pipelines) = (folders.state + "/store.db", configuration.pipelines.map(\.name))
    let store = try await IOThread.run { try Store(path: path, pipelines: pipelines, time: time) }
    if let restoration = store.restoration {
      log.critical(
        """
        the store was restored (\(restoration)): what was sent since is not known here. Every open delivery is for a \
        person to decide, and every job is held until somebody resumes it. There are two ways on: stop invoiced, put the \
        newest backup in the place of \(path), and start it again; or go on with this one: mark what was sent \
        since as sent (an import with the column sent_at), decide about each open delivery (invoicectl resolve JOB all \
        sent|not-sent), and then invoicectl resume JOB (docs/backup.md)
        """, metadata: .id(.storeRestored))
    }
    return store
  }

  private static func extendStart(_ time: Time, _ notify: Notify) async {
    while !Task.isCancelled {
      notify.extendTimeout(by: extensionLength)
      try? await time.sleep(extensionInterval)
    }
  }

  private func makeFolder(_ path: String, mode: Int) throws {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
  }
}
