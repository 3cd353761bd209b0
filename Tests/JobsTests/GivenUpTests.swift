@testable import Jobs
import Model
import Store
import TestSupport
import Testing

/// The mark beside the database cannot be written: the commit of `sending` stands, and the runner is told that it failed.
@Suite("A runner that ends while it is not known whether its commit stands", .timeLimit(.minutes(2)))
struct GivenUpTests {
  @Test("leaves nothing in sending: the next runner sends the same draft, without a restart")
  func nextRunner() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1"])
    let mark = try bench.folder.blockMark()
    try await bench.whileRunning {
      try await eventually("trouble is known") { await bench.runner.outcomes.troubled != nil }
    }
    #expect(try await bench.states(job) == [.sending])
    try bench.folder.unblockMark(mark)
    try await bench.whileRunning(bench.nextRunner()) { try await bench.wait(for: .completed, of: job, turning: true) }
    #expect(await bench.sender.calls == [.prepare("N1", 1), .send("N1#1", .none)])
    #expect(try await bench.deliveries(job).map(\.attempt) == [2])
  }

  @Test("which goes on asking while the store is in trouble still")
  func stillInTrouble() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1"])
    let mark = try bench.folder.blockMark()
    for runner in [bench.runner, bench.nextRunner()] {
      try await bench.whileRunning(runner) {
        try await eventually("trouble is known") { await bench.runner.outcomes.troubled != nil }
        try await bench.settle()
      }
    }
    try bench.folder.unblockMark(mark)
    try await bench.whileRunning(bench.nextRunner()) { try await bench.wait(for: .completed, of: job, turning: true) }
    #expect(await bench.sender.sent == ["N1"])
  }

  @Test("keeps others from sending until it is taken back: the same draft begun again would look like it")
  func notBegunAgain() async throws {
    let bench = try JobsBench(concurrency: 1)
    _ = try await bench.start(["N1"])
    let due = try #require(try await bench.store.dueDeliveries(pipeline: "invoices", inFlight: [], limit: 1).first)
    let outcomes = bench.runner.outcomes
    await outcomes.giveUp(OutcomeWriter.GivenUp(delivery: due, token: SendToken("N1#1"), pipeline: "invoices"))
    #expect(await !outcomes.probe())
    #expect(await outcomes.takeBack().isEmpty)
    #expect(await outcomes.probe())
  }

  @Test("of a job that was cancelled meanwhile: the draft is taken back, and the job ends")
  func cancelled() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1"])
    let mark = try bench.folder.blockMark()
    try await bench.whileRunning {
      try await eventually("trouble is known") { await bench.runner.outcomes.troubled != nil }
    }
    try bench.folder.unblockMark(mark)
    _ = try await bench.store.cancel(job, by: JobsBench.person)
    #expect(try await bench.store.job(job).state == .running, "something seems to be sent still")
    try await bench.whileRunning(bench.nextRunner()) {
      try await bench.wait(for: .cancelled, of: job, turning: true)
      try await eventually("the draft is discarded") { await bench.sender.calls.last == .discard("N1#1") }
    }
    #expect(await bench.sender.sent.isEmpty)
  }
}
