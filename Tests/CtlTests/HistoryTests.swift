import Control
import Foundation
import Model
import Synchronization
import Testing

@testable import Ctl

@Suite(.timeLimit(.minutes(2))) struct HistoryTests {
  private typealias Asked = JobsInterface.ListActions.Parameters

  /// Runs it against a daemon that has job 7 and, of it and of any invoice, one action.
  private func run(_ arguments: String...) async throws -> (status: Int32, output: String, asked: [Asked]) {
    let asked = Mutex<[Asked]>([])
    let run = try await inFolder { folder in
      try await FakeDaemon.serving(
        at: "\(folder)/s",
        { call in
          let parameters = try call.parameters(as: Asked.self)
          asked.withLock { $0.append(parameters) }
          if let job = parameters.job, job != 7 { throw VarlinkError.noSuchJob(job) }
          let action = Action(
            id: 3, at: SampleJob.start, by: Person(uid: 1000, name: "anne"), verb: "resolve not-sent", job: 7,
            position: 2, number: parameters.number, detail: "seen in the account")
          try await call.reply(JobsInterface.ListActions.Reply(actions: [action], next: nil))
        },
        { try await Program.run(["--socket", "\(folder)/s"] + arguments, input: "", folder: folder) })
    }
    return (run.status, run.output, asked.withLock { $0.map { .init(job: $0.job, number: $0.number) } })
  }

  @Test("who, when, what, on what and why stand in a line, in the language that was asked for")
  func table() async throws {
    let english = try await run("--locale", "en", "history", "7")
    #expect(english.output.contains("anne  resolved as not sent    7     2           seen in the account"))
    let french = try await run("--locale", "fr", "history")
    #expect(french.output.contains("anne  déclarée non envoyée") && french.output.hasPrefix("Quand"))
    #expect(english.status == 0 && french.status == 0)
  }

  @Test("a number that is no job's is an invoice's, and --number always is")
  func invoice() async throws {
    #expect(try await run("history", "7").asked == [.init(job: 7)])
    #expect(try await run("history", "8").asked == [.init(job: 8), .init(number: "8")])
    #expect(try await run("history", "F001").asked == [.init(number: "F001")])
    #expect(try await run("history", "--number", "7").asked == [.init(number: "7")])
    #expect(try await run("history", "7", "--number", "7").status == 1)
  }

  @Test("--json prints the daemon's objects")
  func json() async throws {
    let output = try await run("--json", "history").output
    #expect(output.hasPrefix(#"{"at":"#) && output.contains(#""verb":"resolve not-sent""#))
  }
}
