import ArgumentParser
import Control
import Foundation
import Model
import NIOPosix

/// What a command needs to talk to the daemon and to a person.
struct Context: Sendable {
  /// Rows of one page: as many as the daemon gives.
  static let pageSize = 500

  let socketPath: String
  var json: Bool
  let wording: Wording
  let terminal: Terminal

  init(_ global: GlobalOptions, terminal: Terminal = .current()) {
    socketPath = global.socketPath()
    json = global.json
    wording = global.wording
    self.terminal = terminal
  }

  /// A connection of its own; the process keeps it to its end.
  func connect() async throws -> VarlinkClient {
    try await VarlinkClient.connect(to: socketPath, group: MultiThreadedEventLoopGroup.singleton)
  }

  /// One call on a connection of its own.
  func call<M: VarlinkMethod>(_ method: M.Type, _ parameters: M.Parameters) async throws -> M.Reply {
    try await connect().call(method, parameters)
  }

  /// A line for people, made printable.
  func print(_ line: String) throws { try Output.write(line.printable + "\n") }

  /// The rows that were not printed yet.
  func print(_ table: inout Table) throws { try Output.write(table.takeLines().map { $0 + "\n" }.joined()) }

  /// A line for programs.
  func print(json value: some Encodable) throws { try Output.write(WireJSON.encode(value) + Data("\n".utf8)) }

  /// A line for programs each, all at once.
  func print(json values: [JSON]) throws {
    try Output.write(
      values.reduce(into: Data()) { lines, value in
        lines += value.text
        lines.append(UInt8(ascii: "\n"))
      })
  }

  /// A message for standard error: a sentence or, with `--json`, an object whose first member tells its kind.
  func message(_ kind: String, code: String, _ text: String) -> String {
    guard json, let line = try? WireJSON.encode([kind: code, "message": text]) else { return text.printable }
    return String(decoding: line, as: UTF8.self)
  }

  /// What a person could do next: on standard error, and only where a person reads it.
  func advise(_ line: String) {
    if terminal.advises && !json { Output.note(line.printable) }
  }
}

extension Context {
  /// A job's new state, after a command that changed it.
  func show<M: VarlinkMethod>(_ reply: VarlinkReply<M>) throws where M.Reply == JobsInterface.JobReply {
    if json {
      guard let job = reply.fields["job"] else { return }
      return try print(json: job)
    }
    let job = reply.parameters.job
    try print(wording.job(job))
    for hold in job.holds {
      try print("\(wording.sentences.reason(hold, seen: Date())) → \(wording.sentences.remedy(hold, job: job.id))")
    }
  }
}

/// A command that talks to the daemon.
protocol ClientCommand: AsyncParsableCommand {
  var global: GlobalOptions { get }

  /// Does the work. Throws `Failure`, `VarlinkError` or what the client throws when it cannot reach the daemon; and
  /// `Ending` when the work is done and the exit status is not zero.
  func run(_ context: Context) async throws
}

extension ClientCommand {
  func run() async throws { try await run(Context(global)) }
}
