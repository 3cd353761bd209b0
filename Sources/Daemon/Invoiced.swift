import ArgumentParser
import Foundation
import Logging
import Systemd

@main
struct Invoiced: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoiced",
    abstract: "Send invoices by e-mail, each exactly once, and report every step.",
    discussion: """
      This is a daemon, usually started by systemd and controlled with invoicectl(1). Without options, it uses the \
      folders that systemd names. Without those, root uses the system's folders, and any other user the XDG folders.

      Exit status: 0 stopped, or a check found no problem; 1 failure, or --check-store found a problem; 3 another \
      daemon uses the state folder; 64 the command line is wrong; 78 the configuration cannot be used, or there is no \
      database to check.
      """,
    version: "invoiced \(Version.text)")

  @Option(
    name: .customLong("config"),
    help: "The configuration file. Default for root and the service: /etc/invoiced/invoiced.yaml.")
  var configurationFile: String?

  @Option(help: "The control socket, unless systemd passes one. Default: /run/invoiced/invoiced.sock.")
  var socket: String?

  @Option(help: "A second, read-only socket, unless systemd passes one. Default: none.")
  var watchSocket: String?

  @Option(
    name: .customLong("state"), help: "The folder of the database. Default for root and the service: /var/lib/invoiced."
  )
  var stateFolder: String?

  @Flag(name: .customLong("check-config"), help: "Read the configuration and the templates, report errors, and exit.")
  var checksConfiguration = false

  @Flag(
    name: .customLong("check-store"),
    help: "Read the whole database, even while a daemon uses it, report problems, and exit.")
  var checksStore = false

  func run() async throws {
    // Both change the environment, and so come before any thread.
    var activated = try ActivatedSockets.receive()
    let folders = Folders(
      state: stateFolder, socket: socket, configuration: configurationFile,
      environment: ProcessInfo.processInfo.environment, isRoot: getuid() == 0)
    signal(SIGPIPE, SIG_IGN)
    // Until there is a configuration that could be read again.
    signal(SIGHUP, SIG_IGN)
    ProcessLimits.set()
    let writer = LogWriter(identifier: "invoiced")
    LoggingSystem.bootstrap { JournalLogHandler(label: $0, writer: writer) }
    defer { writer.flush(within: .seconds(1)) }
    let log = Logger(label: "invoiced")

    do {
      if checksStore { return try StoreReport.print(folders, log) }
      let configuration = try ConfigurationFile.read(folders.configuration)
      TimeZoneFile.use(configuration.timezone)
      if checksConfiguration {
        // Makes every stage; that starts nothing.
        _ = try Wiring(configuration: configuration, folders: folders, time: .system).pipelines()
        print("\(folders.configuration): OK")
        return
      }
      let sockets = try ControlSockets(&activated, folders: folders, watch: watchSocket)
      for name in activated.closeRest() { log.warning("ignoring the unexpected socket \(name) passed by systemd") }
      try await DaemonProcess(configuration: configuration, folders: folders, sockets: sockets, log: log).run()
    } catch let error as ConfigurationError {
      log.critical("\(error)", metadata: .id(.configurationError))
      throw ExitCode(ExitStatus.configuration.rawValue)
    } catch let error as StateLock.LockError {
      switch error {
      case .taken(let path):
        log.critical("another invoiced has \(path); stop it, or choose another --state")
        throw ExitCode(ExitStatus.locked.rawValue)
      case .failed(let path, let reason):
        log.critical("\(path): \(reason)")
        throw ExitCode(ExitStatus.failure.rawValue)
      }
    } catch let error as ExitCode {
      throw error
    } catch {
      log.critical("\(error)")
      throw ExitCode(ExitStatus.failure.rawValue)
    }
  }
}

/// How the daemon ends; sysexits(3) for the configuration, as systemd.exec(5) names it.
enum ExitStatus: Int32, Error {
  case failure = 1
  /// Another daemon has the state folder.
  case locked = 3
  /// The configuration, or the command line's folders, cannot be used: a restart would not help.
  case configuration = 78
}
