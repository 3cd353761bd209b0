import Control
import Files
import Foundation
import Import
import Jobs
import Logging
import Model
import NIOPosix
import ServiceLifecycle
import Store
import Systemd

/// The daemon from its start to its end, in the order in which things happen.
struct DaemonProcess {
  let configuration: Configuration
  let folders: Folders
  /// The listening socket that systemd passed; nil: bind one.
  let descriptor: CInt?
  let log: Logger

  func run() async throws {
    let time = Time.system
    let notify = Notify()
    try makeFolder(folders.state, mode: 0o700)
    let lock = try StateLock(folder: folders.state)
    defer { withExtendedLifetime(lock) {} }
    let store = try Store(
      path: folders.state + "/store.db", pipelines: configuration.pipelines.map(\.name), time: time)
    if let restoration = store.restoration {
      log.critical(
        """
        the store was restored (\(restoration)): what was sent since is not known here. Every open delivery is for a \
        person to decide, and every job is held until somebody resumes it
        """, metadata: .id(.storeRestored))
    }
    let wiring = Wiring(configuration: configuration, folders: folders, store: store, time: time)
    let pipelines = try wiring.pipelines()
    let runner = Runner(pipelines: pipelines.values.map(\.pipeline), store: store, time: time, log: log)
    let before = try await store.snapshot(job: nil, recent: 0).last.sequence
    let left = try await runner.recover(resumeWithin: configuration.resumeWithin)
    for job in try await store.unfinishedJobs() where pipelines[job.pipeline] == nil {
      log.error(
        """
        job \(job.id) is of the pipeline \(job.pipeline), which \(folders.configuration) does not name: it waits until \
        it does, or until somebody cancels it
        """)
    }

    let stopping = StopFlag()
    let service = ControlService(
      store: store, pipelines: pipelines, runner: runner,
      imports: Imports(
        store: store,
        check: FileCheck(roots: wiring.files, maximumSizeInBytes: configuration.maximumFileSize),
        mapping: HeaderMapping(configuration.columns)),
      backups: Backups(folder: folders.backups, store: store), codes: WebCodes(),
      time: time, startedAt: time.now(), log: log, stopping: stopping)
    let server = try await listen(service)
    notify.ready(status: "idle")
    log.notice("invoiced \(Version.text) is ready", metadata: .id(.daemonStarted))

    // Stops from the back: first the runner finishes its sends, while watchers still see the end of them.
    let services: [any Service] = [
      ControlServer(server: server),
      EventJournal(
        store: store, sentences: Sentences(configuration.locale), notify: notify, after: before),
      Trimming(store: store, time: time, keep: configuration.keepEvents),
      RunnerService(runner: runner, left: left, stopping: stopping, notify: notify, log: log),
    ]
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services.map {
          ServiceGroupConfiguration.ServiceConfiguration(
            service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        },
        gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
    try await group.run()
    try store.close()
  }

  private func listen(_ service: ControlService) async throws -> VarlinkServer {
    var socket = ListeningSocket.path(folders.socket)
    if let descriptor {
      socket = .descriptor(descriptor)
    } else {
      try makeFolder((folders.socket as NSString).deletingLastPathComponent, mode: 0o755)
    }
    let log = log
    return try await VarlinkServer.listen(
      on: socket, services: [service],
      identity: VarlinkIdentity(
        vendor: "invoiced", product: "invoiced", version: Version.text, url: "https://invoiced.example"),
      group: MultiThreadedEventLoopGroup(numberOfThreads: 1),
      onFailure: { method, error in log.error("\(method) failed: \(error)") })
  }

  private func makeFolder(_ path: String, mode: Int) throws {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: mode])
  }
}

/// The control socket, until the group stops.
private struct ControlServer: Service {
  let server: VarlinkServer

  func run() async throws {
    await cancelWhenGracefulShutdown { await server.run() }
  }
}

/// The runner; its stop is the first step of the daemon's.
private struct RunnerService: Service {
  let runner: Runner
  /// What the last daemon left to be discarded.
  let left: [LeftBehind]
  let stopping: StopFlag
  let notify: Notify
  let log: Logger

  func run() async throws {
    await withGracefulShutdownHandler {
      await cancelWhenGracefulShutdown { await runner.run(discarding: left) }
    } onGracefulShutdown: {
      stopping.set()
      notify.stopping(status: "finishing what is being sent")
      log.notice("invoiced stops", metadata: .id(.daemonStopping))
    }
  }
}

/// Drops old events, once an hour.
private struct Trimming: Service {
  private static let interval: Duration = .seconds(3600)

  let store: Store
  let time: Time
  let keep: Duration

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let limit = time.now().addingTimeInterval(-keep.seconds)
        while (try? await store.trimEvents(finishedBefore: limit)) == true {}
        try? await time.sleep(Self.interval)
      }
    }
  }
}
