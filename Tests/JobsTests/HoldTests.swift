import Model
import Store
import Testing
import TestSupport

@Suite("Holds, pauses and cancels while the runner runs", .timeLimit(.minutes(2)))
struct HoldTests {
  @Test("a sender in trouble holds all its jobs and fails nothing; resumed, they go on with the same drafts")
  func senderHold() async throws {
    let bench = try JobsBench(concurrency: 1)
    let first = try await bench.start(["N1", "N2"], request: "a")
    let second = try await bench.start(["M1"], request: "b")
    await bench.sender.answer("N1", .refused(.credentialInvalid, .hold(.sender)))
    try await bench.whileRunning {
      try await bench.wait(for: .paused, of: first)
      try await bench.wait(for: .paused, of: second)
      try await bench.settle()
      #expect(await bench.sender.sent == ["N1"])
      #expect(try await bench.store.job(first).holds.map(\.code) == [.credentialInvalid])
      _ = try await bench.store.resume(second, by: JobsBench.person)
      try await bench.wait(for: .completed, of: first)
      try await bench.wait(for: .completed, of: second)
    }
    #expect(await bench.sender.count(.send("N1#1", .none)) == 2)
    #expect(await bench.sender.count(.prepare("N1", 1)) == 1)
    #expect(try await bench.store.job(first).counts.failed == 0)
  }

  @Test("a sender that lets nothing in is asked once for each place, and not again until it is resumed")
  func admissionHold() async throws {
    let bench = try JobsBench(concurrency: 2)
    let job = try await bench.start(bench.numbers(1...5))
    let error = StageError(.permissionMissing, "scope", .hold(.sender))
    await bench.sender.refuseAdmission(error, error)
    try await bench.whileRunning {
      try await bench.wait(for: .paused, of: job)
      try await bench.settle()
      #expect(await bench.sender.calls.isEmpty)
      _ = try await bench.store.resume(job, by: JobsBench.person)
      try await bench.wait(for: .completed, of: job)
    }
  }

  @Test("a daily limit of the sender's own is looked at again after the time that its traits name, and not before")
  func sendersDailyLimit() async throws {
    let bench = try JobsBench(concurrency: 1, perDay: 1000, dailyLookAgain: .seconds(100))
    let job = try await bench.start(["N1"])
    // No words, as the account says it of itself.
    await bench.sender.answer("N1", .notSent(StageError(.dailyLimit, "", .hold(.daily))))
    try await bench.whileRunning {
      try await bench.wait(for: .paused, of: job)
      let events = try await bench.store.snapshot(job: nil, recent: 0).last.sequence
      try await bench.turn(by: .seconds(99), whenSleepingFor: .seconds(100))
      try await bench.settle()
      #expect(await bench.sender.sent.count == 1)
      #expect(try await bench.store.snapshot(job: nil, recent: 0).last.sequence == events, "the hold stands still")
      bench.clock.turn(by: .seconds(2))
      try await bench.wait(for: .completed, of: job)
    }
    #expect(await bench.sender.sent.count == 2)
  }

  @Test("our own count of a day holds the sender until the oldest is a day old, and leaves no draft behind")
  func ownDailyLimit() async throws {
    let bench = try JobsBench(concurrency: 1, perDay: 2)
    let job = try await bench.start(bench.numbers(1...3))
    try await bench.whileRunning {
      try await bench.wait(for: .paused, of: job)
      #expect(await bench.sender.sent.count == 2)
      try await eventually("the draft is discarded") { await bench.sender.calls.last == .discard("N003#1") }
      try await bench.turn(by: .seconds(24 * 3600 - 60), whenSleepingFor: .seconds(24 * 3600))
      try await bench.settle()
      #expect(try await bench.store.job(job).state == .paused)
      bench.clock.turn(by: .seconds(61))
      try await bench.wait(for: .completed, of: job)
    }
    #expect(await bench.sender.sent.count == 3)
  }

  @Test("the daily limit holds a job as such over a restart 25 hours later, and asks nobody to resume it")
  func dailyLimitOverRestart() async throws {
    let bench = try JobsBench(concurrency: 1, perDay: 1, resumeWithin: .seconds(24 * 3600))
    let job = try await bench.start(bench.numbers(1...3))
    try await bench.whileRunning { try await bench.wait(for: .paused, of: job) }
    bench.clock.turn(by: .seconds(25 * 3600))
    _ = try await bench.runner.recover()
    try await bench.whileRunning {
      try await eventually("the next day's one is out") { await bench.sender.sent.count == 2 }
      try await bench.wait(for: .paused, of: job)
      #expect(try await bench.store.job(job).holds.map(\.kind) == [.daily])
    }
  }

  @Test("a clock that was a month ahead for a while leaves no hold once it is set back")
  func clockSetBack() async throws {
    let bench = try JobsBench(concurrency: 1, perDay: 1)
    let month = Duration.seconds(31 * 24 * 3600)
    bench.clock.set(by: month)
    let job = try await bench.start(bench.numbers(1...2))
    try await bench.whileRunning {
      try await bench.wait(for: .paused, of: job)
      bench.clock.set(by: .zero - month)
      // What it sent meanwhile counts for a day from then on.
      try await bench.turn(by: .seconds(45), whenSleepingFor: .seconds(45))
      try await bench.wait(for: .paused, of: job)
      try await bench.turn(by: .seconds(24 * 3600), whenSleepingFor: .seconds(24 * 3600))
      try await bench.wait(for: .completed, of: job, turning: true)
    }
    #expect(await bench.sender.sent.count == 2)
  }

  @Test("a worker that waits under a daily hold is idle: it writes nothing and wakes nobody")
  func idleUnderHold() async throws {
    let bench = try JobsBench(concurrency: 1, perDay: 1)
    let job = try await bench.start(bench.numbers(1...2))
    try await bench.whileRunning {
      try await bench.wait(for: .paused, of: job)
      try await bench.settle()
      let changes = bench.store.commits.listen()
      let count = Task { await changes.reduce(into: 0) { count, _ in count += 1 } }
      try await bench.settle()
      count.cancel()
      #expect(await count.value <= 1, "the first element comes at once")
    }
  }

  @Test("a job that is paused while a draft is made sends nothing, and the draft is discarded")
  func pausedBeforeSending() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1"])
    await bench.sender.close(.prepare)
    try await bench.whileRunning {
      try await eventually("a draft is being made") { await bench.sender.waiters(at: .prepare) == 1 }
      _ = try await bench.store.pause(job, by: JobsBench.person)
      await bench.sender.open(.prepare)
      try await eventually("the draft is discarded") { await bench.sender.calls.last == .discard("N1#1") }
      #expect(try await bench.states(job) == [.pending])
      _ = try await bench.store.resume(job, by: JobsBench.person)
      try await bench.wait(for: .completed, of: job)
    }
    #expect(await bench.sender.sent == ["N1"])
  }

  @Test("an invoice that is held while its draft is made is skipped, and the draft is discarded")
  func heldBeforeSending() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1"])
    await bench.sender.close(.prepare)
    try await bench.whileRunning {
      try await eventually("a draft is being made") { await bench.sender.waiters(at: .prepare) == 1 }
      try await bench.store.hold(invoice: "N1", reason: "dispute", by: JobsBench.person)
      await bench.sender.open(.prepare)
      try await bench.wait(for: .completed, of: job)
      try await eventually("the draft is discarded") { await bench.sender.calls.last == .discard("N1#1") }
    }
    #expect(try await bench.states(job) == [.skipped])
    #expect(await bench.sender.sent.isEmpty)
  }

  @Test("cancel in mid-job finishes what is being sent, and sends nothing more")
  func cancel() async throws {
    let bench = try JobsBench(concurrency: 2)
    let job = try await bench.start(bench.numbers(1...10))
    await bench.sender.close(.send)
    try await bench.whileRunning {
      try await eventually("two are being sent") { await bench.sender.waiters(at: .send) == 2 }
      let (cancelled, _) = try await bench.store.cancel(job, by: JobsBench.person)
      #expect(cancelled.state == .running && cancelled.counts.cancelled == 8)
      await bench.sender.open(.send)
      try await bench.wait(for: .cancelled, of: job)
      try await bench.settle()
    }
    #expect(await bench.sender.sent.count == 2)
    let counts = try await bench.store.job(job).counts
    #expect(counts.sent == 2 && counts.cancelled == 8 && counts.left == 0)
  }

  @Test("a prepared delivery that is cancelled while the runner has it in hand is not sent")
  func cancelledInHand() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .refused(.rateLimited, .wait(.seconds(5))))
    try await bench.whileRunning {
      try await eventually("it waits") { try await bench.states(job) == [.prepared] }
      await bench.sender.close(.admit)
      try await bench.turn(by: .seconds(6), whenSleepingFor: .seconds(5))
      try await eventually("it is in hand") { await bench.sender.waiters(at: .admit) == 1 }
      let (cancelled, tokens) = try await bench.store.cancel(job, by: JobsBench.person)
      #expect(cancelled.state == .cancelled && tokens == [SendToken("N1#1")])
      await bench.sender.open(.admit)
      try await bench.settle()
    }
    #expect(await bench.sender.sent.count == 1)
  }
}
