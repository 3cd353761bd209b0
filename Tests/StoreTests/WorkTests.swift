import GRDB
import Model
import Testing

@testable import Store

@Suite("What is to be done next")
struct WorkTests {
  @Test("the next work is taken from an index of each running job, and from no paused one")
  func due() async throws {
    let bench = try StoreBench()
    try await bench.add((1...4).map { .sample("\($0)") })
    let paused = try await bench.start("a", ["1", "2"])
    let running = try await bench.start("b", ["3", "4"])
    _ = try await bench.store.pause(paused.id, by: StoreBench.person)
    let due = try await bench.store.dueDeliveries(pipeline: running.pipeline, inFlight: [], limit: 10)
    #expect(due.map(\.invoice.number) == ["3", "4"])
    let plan = try await bench.store.read { db in
      try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + Store.openDeliveriesOfJob, arguments: [1, 0, 1])
        .map { $0["detail"] as String }
    }
    #expect(plan == ["SEARCH delivery USING INDEX delivery_open (job=?)"])
  }
}
