import Model
import Store
import TestSupport
import Testing

@Suite("What a crash left at the sender", .timeLimit(.minutes(2)))
struct SweepTests {
  @Test("what no delivery needs may go; what one holds in hand or in its token, or nobody knows, stays")
  func needs() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1", "N2", "N3"])
    await bench.sender.answer("N1", .refused(.recipientRefused, .reject))
    await bench.sender.answer("N2", .lost)
    try await bench.whileRunning {
      try await eventually("three have an outcome") {
        try await bench.states(job) == [.failed, .unknown, .recorded]
      }
    }
    let ids = try await bench.deliveries(job).map(\.id)
    let held = try await bench.start(["N4"], request: "s")
    let last = try #require(try await bench.deliveries(held).first?.id)
    let keys = (ids + [last, 99]).map { DeliveryKey(store: bench.store.identity, delivery: $0, preparation: 1) }
    await bench.sender.leave(keys)
    // The last one is in hand: it is making its draft.
    await bench.sender.close(.prepare)
    try await bench.whileRunning {
      try await eventually("the next one makes its draft") { await bench.sender.waiters(at: .prepare) == 1 }
      bench.clock.turn(by: .seconds(12 * 3600))
      try await eventually("all were asked about") { await bench.sender.needs.count == 5 }
      try await eventually("the one in hand stays") { await bench.sender.needs[keys[3]] == .all }
      await bench.sender.open(.prepare)
    }
    let needs = await bench.sender.needs
    #expect(keys.map { needs[$0] } == [.only(nil), .only(SendToken("N2#1")), .only(nil), .all, .all])
  }
}
