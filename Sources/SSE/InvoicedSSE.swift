import ArgumentParser
import Control
import Files
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Systemd

@main
struct InvoicedSSE: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoiced-sse",
    abstract: "Show the jobs of invoiced to browsers: a page, and the events as Server-Sent Events.",
    discussion:
      "It is a client of the daemon's socket, like invoicectl. `invoicectl web` prints the address of the page.",
    version: "invoiced-sse \(programVersion)")

  @Option(help: ArgumentHelp("The daemon's socket.", valueName: "path"))
  var socket = "/run/invoiced/invoiced.sock"

  @Option(
    help: ArgumentHelp(
      """
      Listen on this address, unless systemd passes sockets; may be repeated. A client on unix:/path is trusted as a \
      proxy. Default: 127.0.0.1:8025 and [::1]:8025.
      """, valueName: "address"))
  var listen: [String] = []

  @Option(
    name: .customLong("host"),
    help: ArgumentHelp(
      "Permit browsers to use this host name, with its port unless it is the default; may be repeated.",
      valueName: "name"))
  var hosts: [String] = []

  @Option(help: ArgumentHelp("The path of the page below a host, if it is not the root.", valueName: "path"))
  var prefix = "/"

  @Option(
    name: .customLong("start"),
    help: ArgumentHelp(
      "The users who may start and change jobs: names separated by commas, or *. Default: nobody.", valueName: "who"))
  var starters = ""

  @Option(
    help: ArgumentHelp(
      "A file with bearer tokens for scripts, mode 0600: lines of NAME, view or start, and TOKEN.", valueName: "file"))
  var tokens: String?

  @Option(
    help: ArgumentHelp(
      "The header in which a proxy passes the name of the logged-in user, such as X-Remote-User.", valueName: "name"))
  var userHeader: String?

  @Option(
    help: ArgumentHelp(
      "A file, mode 0600, with the secret that the proxy sends in X-Proxy-Secret; not needed over a Unix socket.",
      valueName: "file"))
  var proxySecret: String?

  @Option(help: ArgumentHelp("Maximum number of open streams.", valueName: "count"))
  var maxReaders = 1024

  /// For the loops, the daemon's socket and the journal.
  private static let otherDescriptors = 128

  func validate() throws {
    for address in listen where HTTPSocket(address) == nil {
      throw ValidationError("--listen: not ADDRESS:PORT, [ADDRESS]:PORT or unix:/PATH: \(address)")
    }
    guard hosts.isEmpty == false || listen.compactMap({ HTTPSocket($0) }).allSatisfy(\.isLocal) else {
      throw ValidationError("--listen beyond this machine requires --host, and a proxy with TLS in front of it")
    }
    guard prefix.hasPrefix("/") else { throw ValidationError("--prefix must begin with a slash: \(prefix)") }
    guard maxReaders > 0 else { throw ValidationError("--max-readers must be at least 1: \(maxReaders)") }
    guard proxySecret == nil || userHeader != nil else {
      throw ValidationError("--proxy-secret requires --user-header")
    }
  }

  func run() async throws {
    // Changes the environment, and so comes before any thread.
    var activated = try ActivatedSockets.receive()
    signal(SIGPIPE, SIG_IGN)
    let writer = LogWriter(identifier: "invoiced-sse")
    LoggingSystem.bootstrap { JournalLogHandler(label: $0, writer: writer) }
    defer { writer.flush(within: .seconds(1)) }
    let log = Logger(label: "invoiced-sse")
    do {
      let inherited = try activated.takeAll(named: "http").map(HTTPSocket.descriptor)
      for name in activated.closeRest() { log.warning("ignoring the unexpected socket \(name) passed by systemd") }
      try await serve(on: inherited, log)
    } catch {
      log.critical("\(error)")
      throw ExitCode.failure
    }
  }

  private func serve(on inherited: [HTTPSocket], _ log: Logger) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: min(4, System.coreCount))
    let daemon = DaemonSocket(path: socket)
    let metrics = Metrics()
    let parts = prefix.split(separator: "/").map(String.init)
    var limits = HTTPLimits()
    limits.maximumReaders = maxReaders
    DescriptorLimit.raise(to: limits.maximumConnections + limits.refusedConnections + Self.otherDescriptors)
    let feeds = Feeds(
      daemon: daemon, loops: Array(group.makeIterator()), maximumReaders: maxReaders, metrics: metrics)
    let router = Router(
      access: try access(), daemon: daemon, feeds: feeds, metrics: metrics, page: Page(),
      root: parts.isEmpty ? "/" : "/\(parts.joined(separator: "/"))/", log: log)
    let sockets = inherited.isEmpty ? listen.compactMap { HTTPSocket($0) } : inherited
    let server = try await HTTPServer.listen(
      on: sockets, orDefault: HTTPSocket.defaults, group: group, limits: limits,
      budget: ReplyBudget(onCutOff: { _ in metrics.cutOff() }), prefix: parts, router: router)
    let notify = Notify()
    notify.ready(status: "serving")
    log.notice("invoiced-sse \(programVersion) is ready")
    let services: [any Service] = [feeds, server]
    let serviceGroup = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: services.map {
          ServiceGroupConfiguration.ServiceConfiguration(
            service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
            failureTerminationBehavior: .gracefullyShutdownGroup)
        },
        gracefulShutdownSignals: [.sigterm, .sigint], logger: log))
    try await serviceGroup.run()
  }

  private func access() throws -> Access {
    var access = Access()
    access.hosts = Set(hosts.map { $0.lowercased() })
    access.startPermissions = StartPermissions(starters)
    if let tokens { access.tokens = try TokenFile(path: tokens) }
    if let userHeader {
      access.proxy = Access.Proxy(header: userHeader, secret: try proxySecret.map(TokenFile.single))
    }
    return access
  }
}
