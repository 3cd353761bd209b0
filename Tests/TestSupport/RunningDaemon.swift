import Foundation
import Synchronization

/// The real `invoiced` in a folder of its own below /tmp, which is removed with this value. It can be stopped, killed and
/// started again on the same state.
package final class RunningDaemon: Sendable {
  package let folder: String
  package let inbox: Inbox
  /// Short: a socket's path has at most 107 bytes (unix(7)).
  package var socket: String { folder + "/socket" }
  /// The one for watching alone.
  package var watchSocket: String { folder + "/watch" }
  package var state: String { folder + "/state" }
  package var configuration: String { folder + "/invoiced.yaml" }
  private let programs = Mutex<[RunningProgram]>([])
  private let preparation = Mutex<@Sendable () throws -> [String: String]>({ [:] })

  /// Makes the folder and, unless told otherwise, starts the daemon and waits until it is ready.
  package init(_ setting: DaemonSetting = .maildir, starts: Bool = true) async throws {
    folder = "/tmp/invoiced-\(UUID().uuidString.prefix(13))"
    inbox = try Inbox(path: folder + "/inbox")
    try FileManager.default.createDirectory(atPath: folder + "/templates", withIntermediateDirectories: true)
    try Data("Bonjour,\n\nvoici la facture {{number}}.\n".utf8).write(
      to: URL(filePath: folder + "/templates/invoice.fr.txt"))
    if case .gmail(let sandbox) = setting.sender {
      try FileManager.default.copyItem(atPath: sandbox.credentialFile, toPath: folder + "/credential.json")
    }
    try configure(setting)
    if starts { try await start() }
  }

  deinit {
    program?.kill(SIGKILL)
    _ = try? program?.endBlocking()
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Writes another configuration, for the next start.
  package func configure(_ setting: DaemonSetting) throws {
    try Data(setting.yaml(in: folder).utf8).write(to: URL(filePath: configuration))
  }

  /// The process that runs, or ran last.
  package var program: RunningProgram? { programs.withLock { $0.last } }

  package var arguments: [String] {
    ["--config", configuration, "--state", state, "--socket", socket, "--watch-socket", watchSocket]
  }

  /// Does something before each later start; what it returns is added to the daemon's environment.
  package func prepareStarts(_ body: @escaping @Sendable () throws -> [String: String]) {
    preparation.withLock { $0 = body }
  }

  /// Starts it on the same state, and waits until it answers.
  package func start() async throws {
    let program = try RunningProgram("invoiced", arguments, environment: preparation.withLock { $0 }())
    programs.withLock { $0.append(program) }
    try await program.wrote("is ready")
  }

  /// SIGTERM, and the exit status.
  @discardableResult
  package func stop(within limit: Duration = patience) async throws -> CInt {
    program?.kill(SIGTERM)
    return try await program?.end(within: limit) ?? 0
  }

  /// SIGKILL: it dies in the middle of whatever it does.
  package func kill() async throws {
    program?.kill(SIGKILL)
    try await program?.end()
  }

  package func restart() async throws {
    try await stop()
    try await start()
  }

  /// What it logged, of all starts.
  package var log: String { programs.withLock { $0.map(\.errors).joined() } }

  /// The Maildir's mails that were delivered.
  package func mails() throws -> [String] {
    let new = folder + "/maildir/new"
    return try ((try? FileManager.default.contentsOfDirectory(atPath: new)) ?? []).sorted().map {
      try String(contentsOfFile: "\(new)/\($0)", encoding: .utf8)
    }
  }

  /// Values of one header in these mails; those of the tests are short enough for one line.
  package static func values(of header: String, in mails: [String]) -> [String] {
    mails.compactMap { mail in
      mail.split(separator: "\r\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
        .first { $0.hasPrefix(header + ": ") }.map { String($0.dropFirst(header.count + 2)) }
    }
  }
}
