import Control
import Foundation
import Model
import Synchronization
import Testing

@testable import Ctl

/// A daemon that goes away while it is watched.
@Suite(.timeLimit(.minutes(2))) struct ReconnectTests {
  @Test("over a restart of the daemon no line is lost and none repeated")
  func restart() async throws {
    try await inFolder { folder in
      let socket = "\(folder)/s"
      let resumed = Mutex<[String?]>([])
      let program = Mutex<Program?>(nil)
      try await FakeDaemon.serving(at: socket) { call in
        guard call.method == "Watch" else { return }
        try await call.reply(
          JobsInterface.Watch.Reply(
            snapshot: SampleJob().job, last: "e1.1", recent: Array(SampleJob.events[..<1])), continues: true)
        try await call.send(SampleJob.events[1..<3])
        try await Task.sleep(for: .seconds(100))  // ended by the server's end
      } _: {
        let run = try Program(["--socket", socket, "watch", "7"])
        program.withLock { $0 = run }
        try await run.output(until: SampleJob.lines[2])
      }
      let run = try #require(program.withLock { $0 })
      let end = try await FakeDaemon.serving(at: socket) { call in
        let after = try call.parameters(as: JobsInterface.Watch.Parameters.self).after
        resumed.withLock { $0.append(after) }
        try await call.send(SampleJob.events[2...])  // one of them was seen
        try await call.reply(JobsInterface.Watch.Reply(end: true))
      } _: {
        await run.end()
      }
      #expect(end.output == SampleJob.lines.map { $0 + "\n" }.joined())
      #expect(end.errors.contains("Connexion au démon perdue ; nouvel essai pendant 60 s…\n"))
      #expect(end.errors.hasSuffix("Connexion rétablie.\n"))
      #expect(end.status == 2)
      #expect(resumed.withLock { $0 } == ["e1.3"])
    }
  }

  @Test("a daemon that does not come back is given up, with 5")
  func gone() async throws {
    try await inFolder { folder in
      let socket = "\(folder)/s"
      let program = Mutex<Program?>(nil)
      try await FakeDaemon.serving(at: socket) { call in
        try await call.send(SampleJob.events[..<1])
        try await Task.sleep(for: .seconds(100))
      } _: {
        let run = try Program(["--socket", socket, "watch", "7", "--patience", "1"])
        program.withLock { $0 = run }
        try await run.output(until: SampleJob.lines[0])
      }
      let end = await (try #require(program.withLock { $0 })).end()
      #expect(end.status == 5)
      #expect(end.errors.contains("Aucun démon ne répond sur \(socket)."))
    }
  }

  @Test("when events are gone, the snapshot comes instead, and it is said that lines may be missing")
  func reset() async throws {
    try await inFolder { folder in
      let socket = "\(folder)/s"
      let run = try await FakeDaemon.serving(at: socket) { call in
        var job = SampleJob()
        _ = job.deliver(2, position: 1)
        try await call.reply(
          JobsInterface.Watch.Reply(
            reset: true, snapshot: job.job, last: "e1.3", recent: Array(SampleJob.events[1..<3])), continues: true)
        try await call.send(SampleJob.events[3...])
        try await call.reply(JobsInterface.Watch.Reply(end: true))
      } _: {
        try await Program.run(["--socket", socket, "watch", "7", "--after", "other.9"])
      }
      #expect(run.output == SampleJob.lines[1...].map { $0 + "\n" }.joined())
      #expect(run.errors == "Des lignes peuvent manquer ici ; tout est dans : invoicectl show 7\n")
    }
  }

  @Test("watch without a job takes the newest that is not finished")
  func newest() async throws {
    try await inFolder { folder in
      let socket = "\(folder)/s"
      let watched = Mutex<Int64?>(nil)
      let run = try await FakeDaemon.serving(at: socket) { call in
        if call.method == "GetStatus" {
          var status = SampleJob.status
          var older = SampleJob().job
          older.id = 3
          status.jobs = [older, SampleJob().job]
          return try await call.reply(status)
        }
        let job = try call.parameters(as: JobsInterface.Watch.Parameters.self).job
        watched.withLock { $0 = job }
        try await call.send(SampleJob.events)
        try await call.reply(JobsInterface.Watch.Reply(end: true))
      } _: {
        try await Program.run(["--socket", socket, "watch"])
      }
      #expect(run.status == 2)
      #expect(watched.withLock { $0 } == 7)
    }
  }
}
