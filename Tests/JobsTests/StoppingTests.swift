import Model
import Store
import Testing
import TestSupport

@Suite("A runner that is told to stop", .timeLimit(.minutes(2)))
struct StoppingTests {
  @Test("finishes what is being sent, writes and records its outcome, and begins nothing more")
  func finishes() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1", "N2"])
    await bench.sender.close(.send)
    let running = Task { await bench.runner.run() }
    try await eventually("one is being sent") { await bench.sender.waiters(at: .send) == 1 }
    running.cancel()
    try await bench.settle()
    #expect(try await bench.states(job) == [.sending, .pending])
    await bench.sender.open(.send)
    await running.value
    #expect(try await bench.states(job) == [.recorded, .pending])
    #expect(await bench.sender.sent == ["N1"])
  }

  @Test("takes back a draft that was made for nothing")
  func draft() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1"])
    await bench.sender.close(.prepare)
    let running = Task { await bench.runner.run() }
    try await eventually("a draft is being made") { await bench.sender.waiters(at: .prepare) == 1 }
    running.cancel()
    await bench.sender.open(.prepare)
    await running.value
    #expect(await bench.sender.calls == [.prepare("N1", 1), .discard("N1#1")])
    #expect(try await bench.states(job) == [.pending])
  }

  @Test("fails and postpones nothing for the errors that its own stop made")
  func errors() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1"])
    await bench.sender.failPrepare("N1", StageError(.unreachable, "cancelled", .reject))
    await bench.sender.close(.prepare)
    let running = Task { await bench.runner.run() }
    try await eventually("a draft is being made") { await bench.sender.waiters(at: .prepare) == 1 }
    running.cancel()
    await bench.sender.open(.prepare)
    await running.value
    #expect(try await bench.states(job) == [.pending])
  }

  @Test("leaves the rest to the next one, which takes up where it ended")
  func nextRunner() async throws {
    let bench = try JobsBench(concurrency: 2)
    let job = try await bench.start(bench.numbers(1...6))
    await bench.sender.close(.send)
    let running = Task { await bench.runner.run() }
    try await eventually("two are being sent") { await bench.sender.waiters(at: .send) == 2 }
    running.cancel()
    await bench.sender.open(.send)
    await running.value
    #expect(try await bench.runner.recover().isEmpty)
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job) }
    #expect(await bench.sender.sent.sorted() == bench.numbers(1...6))
  }
}
