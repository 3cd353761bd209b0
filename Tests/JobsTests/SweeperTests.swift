import Model
import Store
import TestSupport
import Testing

@Suite("What nobody will send any more", .timeLimit(.minutes(2)))
struct SweeperTests {
  private func key(_ bench: JobsBench, _ delivery: Int64, _ n: Int = 1) -> DeliveryKey {
    DeliveryKey(store: bench.store.identity, delivery: delivery, preparation: n)
  }

  @Test("after a start what no token names is taken back; what one names, and what is a stranger's, stays")
  func judges() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1", "N2", "N3", "N4"])
    let ids = try await bench.deliveries(job).map(\.id)
    await bench.sender.answer("N2", .lost)
    await bench.sender.answer("N3", .refused(.credentialInvalid, .hold(.sender)))
    try await bench.whileRunning { try await bench.wait(for: .paused, of: job) }
    #expect(try await bench.states(job) == [.recorded, .unknown, .prepared, .pending])
    for (n, id) in zip(1..., ids) {
      await bench.sender.leave(key(bench, id), "N\(n)#1")
      await bench.sender.leave(key(bench, id), "N\(n)#1, made twice")
    }
    await bench.sender.leave(key(bench, 99), "N99#1")
    await bench.sender.close(.admit)
    try await bench.whileRunning {
      try await eventually("what nobody sends is gone") {
        await bench.sender.leftTokens == ["N2#1", "N3#1", "N99#1"]
      }
    }
  }

  @Test("a delivery that is in hand is not judged, however it stands in the store, and judged when it is not any more")
  func inHand() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    let own = key(bench, try await bench.deliveries(job)[0].id)
    await bench.sender.leave(own, "N1#1, of a daemon that died")
    for step in [ScriptedSender.Step.sweep, .prepare] { await bench.sender.close(step) }
    try await bench.whileRunning {
      try await eventually("it is being prepared") { await bench.sender.waiters(at: .prepare) == 1 }
      await bench.sender.open(.sweep)
      try await eventually("it is looked at again later") {
        bench.clock.sleepers.contains { $0 > .seconds(9) && $0 <= .seconds(10) }
      }
      #expect(await bench.sender.leftTokens.count == 1)
      await bench.sender.open(.prepare)
      try await bench.wait(for: .completed, of: job)
      try await eventually("it is gone") {
        bench.clock.turn(by: .seconds(1))
        return await bench.sender.leftTokens.isEmpty
      }
    }
  }

  @Test("a daemon that has no delivery yet asks nobody")
  func unused() async throws {
    let bench = try JobsBench()
    try await bench.whileRunning { try await bench.settle() }
    #expect(await bench.sender.sweeps == 0)
  }

  @Test("a discard that failed is made good by another sweep")
  func failedDiscard() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .refused(.recipientRefused, .reject))
    await bench.sender.failDiscards(1)
    try await bench.whileRunning {
      try await bench.wait(for: .completed, of: job)
      try await eventually("a second sweep") { await bench.sender.sweeps == 2 }
    }
  }

  @Test("a preparation whose answer was lost is swept for without a restart, and once more when it has settled")
  func lostPreparation() async throws {
    let bench = try JobsBench(settle: .seconds(300))
    let job = try await bench.start(["N1"])
    var lost = StageError(.serverError, "503", .retry(after: .zero))
    lost.mayHaveLeft = true
    await bench.sender.failPrepare("N1", lost)
    try await bench.whileRunning {
      try await bench.wait(for: .completed, of: job)
      try await eventually("a second sweep") { await bench.sender.sweeps == 2 }
      try await bench.turn(by: .seconds(301), whenSleepingFor: .seconds(300))
      try await eventually("a third one") { await bench.sender.sweeps == 3 }
    }
  }

  @Test("a delivery that failed after lost answers leaves nothing either")
  func lostAndFailed() async throws {
    let bench = try JobsBench(attempts: 1)
    let job = try await bench.start(["N1"])
    var lost = StageError(.serverError, "503", .retry(after: nil))
    lost.mayHaveLeft = true
    await bench.sender.failPrepare("N1", lost)
    try await bench.whileRunning {
      try await bench.wait(for: .completed, of: job)
      try await eventually("a second sweep") { await bench.sender.sweeps == 2 }
    }
    #expect(try await bench.states(job) == [.failed])
  }

  @Test("the draft of a delivery that counts as sent by inference is nobody else's: it would be evidence")
  func inferred() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.answer("N1", .lost)
    await bench.sender.find("N1", .sent(Receipt(message: "", account: "a", at: .distantPast, inferred: true)))
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job) }
    let own = key(bench, try await bench.deliveries(job)[0].id)
    await bench.sender.leave(own, "N1#1")
    await bench.sender.leave(own, "N1#1, made twice")
    try await bench.whileRunning {
      try await eventually("the other one is gone") { await bench.sender.leftTokens == ["N1#1"] }
    }
  }

  @Test("a sweep that fails is repeated with back-off, and at last every hour")
  func repeated() async throws {
    let bench = try JobsBench()
    _ = try await bench.start(["N1"])
    await bench.sender.failSweeps(100)
    try await bench.whileRunning {
      try await eventually("all attempts") {
        bench.clock.turn(by: .seconds(1))
        return await bench.sender.sweeps == 10
      }
      try await eventually("it waits for an hour") { bench.clock.sleepers.contains { $0 > .seconds(3500) } }
      bench.clock.turn(by: .seconds(3600))
      try await eventually("one more") { await bench.sender.sweeps == 11 }
    }
  }
}
