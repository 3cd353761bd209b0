import Model
import Store
import Testing
import TestSupport

@Suite("Runner", .timeLimit(.minutes(2)))
struct RunnerTests {
  @Test("a job is sent, recorded and completed, and no more at a time than the sender allows")
  func wholeJob() async throws {
    let bench = try JobsBench(concurrency: 3)
    let job = try await bench.start(bench.numbers(1...20))
    await bench.sender.close(.send)
    try await bench.whileRunning {
      try await eventually("three are being sent") { await bench.sender.waiters(at: .send) == 3 }
      await bench.sender.open(.send)
      try await bench.wait(for: .completed, of: job)
    }
    #expect(await bench.sender.mostSending == 3)
    #expect(await bench.sender.sent.sorted() == bench.numbers(1...20))
    #expect(await bench.record.receipts.sorted() == bench.numbers(1...20))
    #expect(try await bench.store.job(job).counts.sent == 20)
  }

  @Test("a delivery that fails, before or while it is sent, never stops its job, and its draft is discarded")
  func failedDeliveries() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["BAD", "N1", "N2", "N3"])
    await bench.sender.answer("N1", .refused(.recipientRefused, .reject))
    await bench.sender.failPrepare("N2", StageError(.messageTooLarge, "", .reject))
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job) }
    #expect(try await bench.states(job) == [.failed, .failed, .failed, .recorded])
    #expect(try await bench.deliveries(job).map(\.code) == [.fieldMissing, .recipientRefused, .messageTooLarge, nil])
    #expect(await bench.sender.calls.contains(.discard("N1#1")))
  }

  @Test("a passing failure is tried again after its back-off, with the same draft, and fails after the last attempt")
  func attempts() async throws {
    let bench = try JobsBench(attempts: 3)
    let job = try await bench.start(["N1"])
    let refused = SendOutcome.refused(.serverError, .retry(after: .seconds(30)))
    await bench.sender.answer("N1", refused, refused, refused)
    try await bench.whileRunning {
      for attempt in 1...2 {
        try await eventually("attempt \(attempt)") { try await bench.states(job) == [.prepared] }
        #expect(await bench.sender.sent.count == attempt)
        try await bench.turn(by: .seconds(29), whenSleepingFor: .seconds(30))
        try await bench.settle()
        #expect(await bench.sender.sent.count == attempt, "not before its time")
        bench.clock.turn(by: .seconds(2))
        try await eventually("the next attempt") { await bench.sender.sent.count == attempt + 1 }
      }
      try await bench.wait(for: .completed, of: job)
    }
    #expect(try await bench.states(job) == [.failed])
    #expect(
      await bench.sender.calls == [.prepare("N1", 1)]
        + Array(repeating: .send("N1#1", .none), count: 3) + [.discard("N1#1")])
  }

  @Test("failures before the send count towards the same bound")
  func attemptsBeforeSending() async throws {
    let bench = try JobsBench(attempts: 2)
    let job = try await bench.start(["N1"])
    let error = StageError(.unreachable, "", .retry(after: nil))
    await bench.sender.failPrepare("N1", error, error)
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job, turning: true) }
    #expect(await bench.sender.calls == [.prepare("N1", 1), .prepare("N1", 1)])
    #expect(try await bench.deliveries(job).map(\.code) == [.unreachable])
  }

  @Test("waiting for a limit counts as no attempt, however often")
  func limits() async throws {
    let bench = try JobsBench(attempts: 2)
    let job = try await bench.start(["N1"])
    for _ in 1...6 { await bench.sender.answer("N1", .refused(.rateLimited, .wait(.seconds(5)))) }
    await bench.sender.failPrepare("N1", StageError(.rateLimited, "", .wait(.seconds(5))))
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job, turning: true) }
    #expect(try await bench.states(job) == [.recorded])
    #expect(await bench.sender.sent.count == 7)
  }

  @Test("a small job does not wait for a large one")
  func twoJobs() async throws {
    let bench = try JobsBench(concurrency: 1)
    let large = try await bench.start(bench.numbers(1...40), request: "large")
    let small = try await bench.start(bench.numbers(1...3, "S"), request: "small")
    try await bench.whileRunning {
      try await bench.wait(for: .completed, of: small)
      try await bench.wait(for: .completed, of: large)
    }
    let sent = await bench.sender.sent
    let last = try #require(sent.lastIndex { $0.hasPrefix("S") })
    #expect(last < 8, "\(sent.prefix(10))")
  }

  @Test(
    "a test job goes to its one address, without copies, and tells no record stage that a customer was sent anything")
  func testJob() async throws {
    let bench = try JobsBench()
    let copies = [Mailbox(address: "copy@customer.example")]
    let job = try await bench.start(["N1"], testTo: "me@example.com", exclusive: false) {
      $0.cc = copies
      $0.bcc = copies
    }
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job) }
    let message = try #require(await bench.sender.messages["N1"])
    #expect(message.to == [Mailbox(address: "me@example.com")] && message.cc.isEmpty && message.bcc.isEmpty)
    #expect(await bench.record.receipts.isEmpty)
    let real = try await bench.start(["N1"], request: "real")
    #expect(try await bench.store.job(real).counts.total == 1, "a test claims nothing")
  }

  @Test("a rehearsal sends what is claimed too, and is no obstacle to the real run")
  func rehearsal() async throws {
    let bench = try JobsBench(delivers: false)
    let first = try await bench.start(["N1"], request: "a", exclusive: false)
    try await bench.whileRunning {
      try await bench.wait(for: .completed, of: first)
      let second = try await bench.start(["N1"], request: "b", exclusive: false)
      try await bench.wait(for: .completed, of: second)
    }
    #expect(await bench.sender.sent == ["N1", "N1"])
  }

  @Test("what failed is tried again while the job runs, with a new draft")
  func retry() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .refused(.recipientRefused, .reject))
    try await bench.whileRunning {
      try await bench.wait(for: .completed, of: job)
      _ = try await bench.store.retry(job, permanent: true, delivery: nil, by: JobsBench.person)
      try await bench.wait(for: .completed, of: job)
    }
    #expect(await bench.sender.calls.contains(.prepare("N1", 2)))
    #expect(try await bench.states(job) == [.recorded])
  }
}
