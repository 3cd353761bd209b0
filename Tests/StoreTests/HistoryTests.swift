import GRDB
import Model
import Testing

@testable import Store

@Suite("The history of what people did")
struct HistoryTests {
  /// Jobs 1 (of 1 and 2) and 2 (of 3), with what was done to them.
  private func bench() async throws -> StoreBench {
    let bench = try StoreBench()
    try await bench.add((1...3).map { .sample("\($0)") })
    let job = try await bench.start("a", ["1", "2"])
    _ = try await bench.start("b", ["3"])
    _ = try await bench.store.pause(job.id, by: StoreBench.person)
    try await bench.store.hold(invoice: "1", reason: "disputed", by: Person(uid: 1, name: "anne"))
    return bench
  }

  @Test("has everything, the newest first, page by page")
  func everything() async throws {
    let bench = try await bench()
    let first = try await bench.store.actions(limit: 3)
    #expect(first.map(\.verb) == ["hold", "pause", "start"] && first.hasMore)
    #expect(first[0].by.name == "anne" && first[0].detail == "disputed" && first[0].number == "1")
    #expect(try await bench.store.actions(before: first.last?.id, limit: 3).map(\.verb) == ["start", "import"])
  }

  @Test("of a job it has what was done to the job")
  func job() async throws {
    let bench = try await bench()
    #expect(try await bench.store.actions(job: 1, limit: 9).map(\.verb) == ["pause", "start"])
    await #expect(throws: StoreError.noSuchJob(7)) { try await bench.store.actions(job: 7, limit: 9) }
  }

  @Test("of an invoice it has what was done to it and to its jobs")
  func invoice() async throws {
    let bench = try await bench()
    #expect(try await bench.store.actions(number: "1", limit: 9).map(\.verb) == ["hold", "pause", "start"])
    #expect(try await bench.store.actions(number: "2", limit: 9).map(\.verb) == ["pause", "start"])
    #expect(try await bench.store.actions(number: "3", limit: 9).map(\.job) == [2])
    await #expect(throws: StoreError.noSuchInvoice("4")) { try await bench.store.actions(number: "4", limit: 9) }
  }

  @Test("is found by indices, however long it is")
  func indices() async throws {
    let bench = try await bench()
    let plan = try await bench.store.read { db in
      try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN " + Store.actionsOnInvoice, arguments: ["number": "1"])
        .map { $0["detail"] as String }
    }
    #expect(!plan.contains { $0.hasPrefix("SCAN") }, "\(plan)")
  }
}
