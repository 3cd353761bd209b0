@testable import Jobs
import Model
import Store
import Testing
import TestSupport

@Suite("Unknown outcomes", .timeLimit(.minutes(2)))
struct ReconcilerTests {
  @Test("an unknown outcome that turns out as sent is recorded, and nothing is sent again")
  func sent() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .lost)
    await bench.sender.find(
      "N1", .sent(Receipt(message: "", account: "a", at: .distantPast, inferred: true)))
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job) }
    #expect(await bench.sender.sent == ["N1"])
    #expect(await bench.record.receipts == ["N1"])
    #expect(try await bench.deliveries(job).first?.receipt?.inferred == true)
  }

  @Test("one that turns out as not sent goes out with the same draft, and the sender is told of the first attempt")
  func notSent() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .lost)
    await bench.sender.find("N1", .notSent)
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job) }
    #expect(
      await bench.sender.calls
        == [.prepare("N1", 1), .send("N1#1", .none), .reconcile("N1#1"), .send("N1#1", .unknown)])
  }

  @Test("a draft that was missed after a refusal is looked for, as of an attempt that sent nothing")
  func missing() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .missing(.serverError, "404"))
    await bench.sender.find("N1", .notSent)
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job) }
    #expect(
      await bench.sender.calls
        == [.prepare("N1", 1), .send("N1#1", .none), .reconcile("N1#1"), .send("N1#1", .none)])
    #expect(await bench.sender.attempts.map(\.mayHaveSent) == [false])
  }

  @Test("what is missed at each attempt, though it is there, fails when no attempt is left, and is taken back")
  func missedAgain() async throws {
    let bench = try JobsBench(attempts: 2)
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .missing(.serverError, "404"), .missing(.serverError, "404"))
    await bench.sender.find("N1", .notSent, .notSent)
    try await bench.whileRunning {
      try await bench.wait(for: .completed, of: job)
      try await eventually("it is taken back") { await bench.sender.calls.last == .discard("N1#1") }
    }
    #expect(try await bench.states(job) == [.failed])
    #expect(await bench.sender.sent.count == 2)
  }

  @Test("a refusal that proves that nothing was sent is committed before anybody looks, and survives a kill")
  func missingSurvives() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .missing(.serverError, "404"))
    await bench.sender.close(.reconcile)
    try await bench.whileRunning {
      try await eventually("a look is under way") { await bench.sender.waiters(at: .reconcile) == 1 }
      #expect(try await bench.states(job) == [.unknown])
      // What a start after a kill reads.
      _ = try await bench.store.recover()
      let due = try await bench.store.unknowns(pipeline: "invoices", except: [], limit: 1)
      #expect(due.map(\.unknown) == [0])
      await bench.sender.open(.reconcile)
    }
  }

  @Test("the age of an attempt is the monotonic clock's, and that of the first one that may have sent it")
  func age() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .lost, .lost)
    await bench.sender.find("N1", .unknown(lookAgainAfter: .seconds(100)), .notSent, .ask(.draftStays, "d"))
    try await bench.whileRunning {
      try await eventually("the first look") { await bench.sender.attempts.count == 1 }
      bench.clock.set(by: .seconds(-86_400))
      try await bench.turn(by: .seconds(101), whenSleepingFor: .seconds(100))
      try await eventually("the third look") { await bench.sender.attempts.count == 3 }
    }
    #expect(await bench.sender.attempts.map(\.sinceSending) == [.zero, .seconds(101), .seconds(101)])
    #expect(try await bench.states(job) == [.unknown])
  }

  @Test("a look that came due while the store was in trouble is made after it, though nothing else happens")
  func afterTrouble() async throws {
    let bench = try JobsBench()
    _ = try await bench.start(["N1"])
    let due = try #require(try await bench.store.dueDeliveries(pipeline: "invoices", inFlight: [], limit: 1).first)
    let outcomes = bench.runner.outcomes
    await bench.sender.answer("N1", .lost)
    await bench.sender.find("N1", .unknown(lookAgainAfter: .seconds(100)), .ask(.draftStays, "d"))
    try await bench.whileRunning {
      try await eventually("it waits for the next look") { bench.clock.sleepers.contains(.seconds(100)) }
      await outcomes.trouble(StoreError.failed("words"))
      bench.clock.turn(by: .seconds(101))
      try await eventually("the look waits") { bench.clock.sleepers.contains(PipelineWorker.troubleLook) }
      // An outcome that stands already is written without a change: nobody is told.
      _ = await outcomes.write(due, .failed(.serverError, ""), isRecorded: false)
      bench.clock.turn(by: PipelineWorker.troubleLook)
      try await eventually("the second look") { await bench.sender.attempts.count == 2 }
    }
  }

  @Test("what keeps a look from finding anything is told once, and the look is repeated")
  func blocked() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    let blocked = ReconcileResult.blocked(.accountChanged, "a ≠ b", lookAgainAfter: .seconds(60))
    await bench.sender.answer("N1", .lost)
    await bench.sender.find("N1", blocked, blocked, .notSent)
    try await bench.whileRunning {
      try await eventually("the cause is told") { try await bench.deliveries(job)[0].code == .accountChanged }
      let told = try await bench.store.snapshot(job: nil, recent: 0).last.sequence
      try await bench.turn(by: .seconds(61), whenSleepingFor: .seconds(60))
      try await eventually("the second look") { await bench.sender.attempts.count == 2 }
      try await bench.settle()
      #expect(try await bench.store.snapshot(job: nil, recent: 0).last.sequence == told)
      try await bench.turn(by: .seconds(61), whenSleepingFor: .seconds(60))
      try await bench.wait(for: .completed, of: job)
    }
    #expect(await bench.sender.attempts.map(\.mayHaveSent) == [true, true, true])
  }

  @Test("a delivery counts as looked at while a look may tell: not once it is blocked, and again when it is not")
  func looking() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .lost)
    await bench.sender.find(
      "N1", .unknown(lookAgainAfter: .seconds(60)), .blocked(.accountChanged, "a ≠ b", lookAgainAfter: .seconds(60)),
      .unknown(lookAgainAfter: .seconds(60)), .ask(.draftEdited, "d"))
    try await bench.whileRunning {
      for (look, looking) in [(1, 1), (2, 0), (3, 1), (4, 0)] {
        try await eventually("look \(look)") { await bench.sender.attempts.count == look }
        try await eventually("look \(look) leaves \(looking)") { try await bench.store.job(job).looking == looking }
        if look < 4 { try await bench.turn(by: .seconds(61), whenSleepingFor: .seconds(60)) }
      }
    }
    let events = try await bench.store.events(job: job, after: 0, limit: 100).map { try $0.event() }
    #expect(events.filter { $0.kind != .start }.map(\.looking) == [1, 1, nil, 1, nil])
    #expect(try await bench.store.job(job).counts.unknown == 1)
  }

  @Test("an unknown attempt is looked at again after the time that the sender names, and blocks nothing else")
  func lookAgain() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1", "N2"])
    await bench.sender.answer("N1", .lost)
    await bench.sender.find("N1", .unknown(lookAgainAfter: .seconds(60)), .notSent)
    try await bench.whileRunning {
      try await bench.wait(for: .waiting, of: job)
      #expect(try await bench.store.job(job).counts.sent == 1)
      try await bench.turn(by: .seconds(59), whenSleepingFor: .seconds(60))
      try await bench.settle()
      #expect(await bench.sender.count(.reconcile("N1#1")) == 1)
      try await bench.wait(for: .completed, of: job, turning: true)
    }
    let waited = await bench.sender.attempts.map(\.sinceEnd)
    #expect(waited.count == 2 && waited[0] == .zero && waited[1] >= .seconds(60), "\(waited)")
    #expect(await bench.sender.attempts.map(\.resends) == [0, 0])
  }

  @Test("a second unknown attempt with the same draft settles anew, and is counted")
  func secondAttempt() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .lost, .lost)
    await bench.sender.find("N1", .unknown(lookAgainAfter: .seconds(100)), .notSent, .ask(.draftStays, "d"))
    try await bench.whileRunning {
      try await eventually("the first look") { await bench.sender.attempts.count == 1 }
      try await bench.turn(by: .seconds(101), whenSleepingFor: .seconds(100))
      try await eventually("the third look") { await bench.sender.attempts.count == 3 }
      try await bench.settle()
    }
    #expect(await bench.sender.attempts.map(\.resends) == [0, 0, 1])
    #expect(await bench.sender.attempts.map(\.sinceEnd) == [.zero, .seconds(101), .zero])
    #expect(try await bench.deliveries(job).map(\.code) == [.draftStays])
  }

  @Test("where only a person can tell, the job waits, and nobody looks any more")
  func ask() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1", "N2"])
    await bench.sender.answer("N1", .lost)
    await bench.sender.answer("N2", .ask(.draftGone, "words"))
    await bench.sender.find("N1", .ask(.draftEdited, "draft"))
    try await bench.whileRunning {
      try await eventually("both wait for a person") {
        try await bench.deliveries(job).map(\.code) == [.draftEdited, .draftGone]
      }
      bench.clock.turn(by: .seconds(3600))
      try await bench.settle()
      #expect(await bench.sender.attempts.count == 1)
      let counts = try await bench.store.job(job).counts
      #expect(counts.unknown == 2 && counts.left == 0 && counts.sent == 0)
      _ = try await bench.store.beginResolving(job: job, position: 1, attempt: 1)
      _ = try await bench.store.resolve(job: job, position: 1, attempt: 1, sent: nil, by: JobsBench.person)
      try await eventually("it is sent anew") { await bench.sender.calls.contains(.prepare("N1", 2)) }
    }
  }

  @Test("what a look finds is of no account when a person began to decide meanwhile")
  func personWhileLooking() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .lost)
    await bench.sender.find("N1", .sent(Receipt(message: "", account: "a", at: .distantPast, inferred: true)))
    await bench.sender.close(.reconcile)
    try await bench.whileRunning {
      try await eventually("a look is under way") { await bench.sender.waiters(at: .reconcile) == 1 }
      // The person's command takes the draft away, and the look takes that for a draft that was sent.
      _ = try await bench.store.beginResolving(job: job, position: 1, attempt: 1)
      await bench.sender.open(.reconcile)
      try await bench.settle()
      #expect(try await bench.states(job) == [.unknown])
      _ = try await bench.store.resolve(job: job, position: 1, attempt: 1, sent: nil, by: JobsBench.person)
      try await bench.wait(for: .completed, of: job)
    }
    #expect(await bench.sender.sent == ["N1", "N1"])
  }

  @Test("an unknown delivery of a cancelled job that was not sent is cancelled, and its draft discarded")
  func cancelledJob() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .lost)
    await bench.sender.find("N1", .unknown(lookAgainAfter: .seconds(10)), .notSent)
    try await bench.whileRunning {
      try await bench.wait(for: .waiting, of: job)
      try await eventually("the first look") { await bench.sender.attempts.count == 1 }
      _ = try await bench.store.cancel(job, by: JobsBench.person)
      try await bench.turn(by: .seconds(11), whenSleepingFor: .seconds(10))
      try await eventually("the draft is discarded") { await bench.sender.calls.last == .discard("N1#1") }
    }
    #expect(try await bench.states(job) == [.cancelled])
    #expect(await bench.sender.sent.count == 1)
  }

  @Test("a look that takes long keeps no other back")
  func reconciliationsAtOnce() async throws {
    let bench = try JobsBench(concurrency: 2)
    let job = try await bench.start(bench.numbers(1...6))
    for number in bench.numbers(1...6) {
      await bench.sender.answer(number, .lost)
      await bench.sender.find(number, .notSent)
    }
    await bench.sender.close(.reconcile)
    try await bench.whileRunning {
      try await eventually("all are looked at") { await bench.sender.waiters(at: .reconcile) == 6 }
      await bench.sender.open(.reconcile)
      try await bench.wait(for: .completed, of: job)
    }
    #expect(await bench.sender.attempts.count == 6)
  }
}
