import Foundation
import GRDB
import Model
import TestSupport
import Testing

@testable import Store

@Suite("Databases of releases")
struct SchemaFixtureTests {
  private static let counts = ["delivery", "event", "invoice", "revision", "action", "sending", "job"].map {
    "(SELECT count(*) FROM \($0))"
  }.joined(separator: " || ' ' || ")
  private static let states = """
    SELECT group_concat(id || ' ' || state || ' ' || coalesce(token, '-') || ' ' || coalesce(receipt, '-'), char(10))
    FROM (SELECT * FROM delivery ORDER BY id)
    """
  private static let events =
    "SELECT group_concat(seq || ' ' || json, char(10)) FROM (SELECT * FROM event ORDER BY seq)"

  @Test("one is opened, brought to the newest schema, and has every row that it had", arguments: StoreFixture.names)
  func migrated(_ name: String) throws {
    let folder = try TemporaryFolder()
    let path = folder("store.db")
    try StoreFixture.make(name, at: path)
    let asked = [Self.counts, Self.states, Self.events]
    let before = try asked.map { try StoreFixture.value(String.self, $0.sentence, of: path) }
    let store = try Store(path: path, time: TurnedTime().time)
    #expect(try store.pool.read { try Schema.migrator.hasCompletedMigrations($0) })
    try store.close()
    let after = try asked.map { try StoreFixture.value(String.self, $0.sentence, of: path) }
    #expect(after == before && before.allSatisfy { $0?.isEmpty == false })
    let check = try StoreCheck(path: path)
    #expect(check.findings.isEmpty && check.notes.isEmpty, "\(check.findings) \(check.notes)")
  }

  @Test("after the migration the daemon recovers it: what was being sent is unknown, and the job goes on to its end")
  func recovered() async throws {
    let folder = try TemporaryFolder()
    let path = folder("store.db")
    try StoreFixture.make("0.1.0", at: path)
    let clock = TurnedTime()
    clock.turn(by: .seconds(300))  // a little after its last row
    let store = try Store(path: path, time: clock.time)
    let states = { () async throws in
      try await store.deliveries(job: 4, states: [], period: nil, after: 0, limit: 100).map(\.state)
    }
    #expect(try await states() == [.recorded, .sent, .sending, .unknown, .prepared, .pending, .failed, .skipped])
    _ = try await store.recover()
    #expect(try await states() == [.recorded, .sent, .unknown, .unknown, .prepared, .pending, .failed, .skipped])
    let event = try #require(try await store.events(job: 4, after: 15, limit: 10).first?.event())
    #expect(event.id == EventID(epoch: "71dfb947775a", sequence: 16) && event.delivery?.code == .daemonDied)

    let receipt = Receipt(message: "m", account: "facturation@modele.example", at: clock.time.now())
    for due in try await store.unknowns(pipeline: "invoices", except: [], limit: 10) {
      _ = try await store.settle(due, .sent(receipt))
    }
    for due in try await store.dueDeliveries(pipeline: "invoices", inFlight: [], limit: 10) {
      let token = due.token ?? SendToken("new")
      #expect(try await store.beginSending(due, token: token, delivers: true, messagesPerDay: nil) == .go)
      _ = try await store.finishSending(due, .sent(receipt))
    }
    for due in try await store.unrecorded(pipeline: "invoices", inFlight: [], limit: 10).due {
      try await store.markRecorded(due.id)
    }
    let job = try await store.job(4)
    #expect(job.state == .completed && job.counts.sent == 6)
    #expect(try await store.job(2).holds.map(\.kind) == [.human], "a person's pause outlasts the release")
    try store.close()
    #expect(try StoreCheck(path: path).findings.isEmpty)
  }

  @Test("claims outlast the migration, by series and by an occasion without white space at its ends")
  func claims() async throws {
    let folder = try TemporaryFolder()
    let path = folder("store.db")
    try StoreFixture.make("0.1.0-schema-2", at: path)
    let store = try Store(path: path, time: TurnedTime().time)
    let numbers = ["2026-08-001", "2026-08-003", "2026-08-007", "2026-08-012"]
    let scope = StartScope(pipeline: "invoices", exclusive: true)
    #expect(try await store.eligibilities(of: numbers, scope) == [.sent, .due, .toCheck, .inOtherJob])
    let reminder = StartScope(pipeline: "invoices", occasion: "reminder-1", exclusive: true)
    #expect(try await store.eligibilities(of: numbers, reminder) == [.sent, .due, .due, .due])
    let renamed = StartScope(pipeline: "factures", exclusive: true)
    await #expect(throws: StoreError.self) { _ = try await store.eligibilities(of: numbers, renamed) }
    #expect(try await store.job(2).filter.numbers == nil, "no condition on numbers is no empty list")
    // Asked for again by the same request, as before the upgrade.
    let request = JobRequest(id: "0d6f7b2e-2", pipeline: "invoices", filter: Filter())
    #expect(try await store.job(for: request)?.id == 2)
    try store.close()
  }

  @Test("every schema but the newest has one that ends with it")
  func complete() throws {
    let folder = try TemporaryFolder()
    let schemas = try StoreFixture.names.map { name in
      let path = folder("\(name).db")
      try StoreFixture.make(name, at: path)
      let file = try DatabaseQueue(path: path)
      return try file.read { try Schema.migrator.appliedMigrations($0) }.last ?? "none"
    }
    let missing = Set(Schema.migrator.migrations.dropLast()).subtracting(schemas)
    #expect(missing.isEmpty, "add Tests/Fixtures/stores/VERSION.sql, as the last release with it left a store")
  }
}

extension String {
  /// An expression as a statement.
  fileprivate var sentence: String { hasPrefix("SELECT") ? self : "SELECT \(self)" }
}
