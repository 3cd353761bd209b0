import Foundation
import GRDB
import Model
import Store
import TestSupport
import Testing

@Suite("A look at a store")
struct StoreCheckTests {
  /// A store with a delivery in every state, closed.
  private func store(in folder: TemporaryFolder, damagedBy statements: String = "") throws -> String {
    let path = folder("store.db")
    try StoreFixture.make("0.1.0", at: path)
    try Store(path: path, time: .system).close()
    if !statements.isEmpty { try StoreFixture.sql(statements, on: path) }
    return path
  }

  @Test("a good one has no findings, and is left as it is")
  func good() throws {
    let folder = try TemporaryFolder()
    let path = try store(in: folder)
    let before = try Data(contentsOf: URL(filePath: path))
    let check = try StoreCheck(path: path)
    #expect(check.findings.isEmpty && check.notes.isEmpty, "\(check.findings)")
    #expect(check.invoices == 15 && check.jobs == 4 && check.deliveries == 13)
    #expect(try Data(contentsOf: URL(filePath: path)) == before)
  }

  @Test("one of an older version is well, is told as such, and is not migrated")
  func older() throws {
    let folder = try TemporaryFolder()
    let path = folder("store.db")
    try StoreFixture.make("0.1.0", at: path)
    let check = try StoreCheck(path: path)
    #expect(check.findings.isEmpty, "\(check.findings)")
    #expect(check.notes.count == 1 && check.notes[0].hasPrefix("schema 1, of an older version"))
    #expect(try StoreFixture.value(Int.self, "SELECT count(*) FROM grdb_migrations", of: path) == 1)
  }

  @Test("events that were trimmed are no holes")
  func trimmed() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1"), .sample("2")])
    let first = try await bench.start("long", ["1"])
    _ = try await bench.store.pause(first.id, by: StoreBench.person)
    _ = try await bench.start("short", ["2"])
    try await bench.sendAll()
    bench.clock.turn(by: .seconds(100))
    _ = try await bench.store.trimEvents(finishedBefore: bench.clock.time.now())
    _ = try await bench.store.resume(first.id, by: StoreBench.person)
    let path = bench.folder.path + "/store.db"
    #expect(try StoreCheck(path: path).findings.isEmpty, "also while it is in use")
    try bench.store.close()
    try StoreFixture.sql("UPDATE store SET trimmed = 0", on: path)
    #expect(try StoreCheck(path: path).findings.contains { $0.description.hasPrefix("event 3: is missing") })
  }

  /// What is done to a store, and how its finding begins.
  private static let damages: [(String, String)] = [
    ("UPDATE job SET sent = sent + 1, total = total + 1 WHERE id = 1", "job 1: total is 4, and its deliveries say 3"),
    ("UPDATE delivery SET state = 'failed' WHERE id = 2", "job 1: failed is 1, and its deliveries say 2"),
    ("UPDATE delivery SET state = 'lost' WHERE id = 1", "delivery 1: state is “lost”"),
    ("UPDATE job SET state = 'lost' WHERE id = 1", "job 1: state is “lost”"),
    ("UPDATE job SET state = 'completed' WHERE id = 4", "job 4: is completed, with 3 deliveries to do"),
    ("UPDATE hold SET kind = 'lost' WHERE job = 2", "hold 1: kind is “lost”"),
    (
      "DROP INDEX claim; UPDATE delivery SET number = '2026-08-001' WHERE id = 2",
      "delivery 1, 2: all claim invoice 2026-08-001 (invoices)"
    ),
    ("DROP INDEX claim", "schema: index claim is missing"),
    ("DROP INDEX claim; CREATE INDEX claim ON delivery (number)", "schema: index claim is another one"),
    (
      "CREATE TRIGGER t AFTER INSERT ON job BEGIN SELECT 1; END", "schema: trigger t is none of invoiced's"
    ),
    ("UPDATE delivery SET token = NULL WHERE state = 'prepared'", "delivery 10: is prepared without a token"),
    ("UPDATE delivery SET token = NULL WHERE state = 'sending'", "delivery 8: is sending without a token"),
    ("DELETE FROM event WHERE seq = 3", "event 3: is missing, as are all up to 4"),
    ("DELETE FROM event WHERE seq >= 14", "event: 14 to 15 are missing"),
    ("UPDATE sqlite_sequence SET seq = 9 WHERE name = 'event'", "sqlite_sequence: event is 9, behind event 15"),
    ("UPDATE event SET json = '{' WHERE seq = 2", "event 2: json is no Event"),
    ("UPDATE event SET json = (SELECT json FROM event WHERE seq = 1) WHERE seq = 2", "event 2: json is of event 1"),
    ("DELETE FROM revision WHERE id = 9", "delivery 11: names a row of revision that is not there"),
    ("DELETE FROM revision WHERE id = 15", "invoice 2026-08-015: names a row of revision that is not there"),
    ("UPDATE revision SET content = '{}' WHERE id = 9", "revision 9: content is no Invoice"),
    ("UPDATE delivery SET receipt = '7' WHERE id = 1", "delivery 1: receipt is no Receipt"),
    ("UPDATE job SET filter = '' WHERE id = 1", "job 1: filter is no Filter"),
    ("DELETE FROM store", "store: has no row"),
    ("DELETE FROM grdb_migrations", "grdb_migrations: this is no store of invoiced"),
    ("INSERT INTO grdb_migrations VALUES ('99')", "grdb_migrations: was written by a newer version"),
    ("DROP TABLE hold", "hold: cannot be read"),
    (
      """
      PRAGMA writable_schema = ON;
      UPDATE sqlite_master SET sql = 'CREATE INDEX delivery_number ON delivery (occasion)' WHERE name = 'delivery_number'
      """, "database: row 1 missing from index delivery_number"
    ),
  ]

  @Test("each way in which one may be wrong is a line that names the row and what to do", arguments: damages)
  func damaged(_ statements: String, _ finding: String) throws {
    let folder = try TemporaryFolder()
    let path = try store(in: folder, damagedBy: statements)
    let lines = try StoreCheck(path: path).findings.map(\.description)
    let found = lines.first { $0.hasPrefix(finding) }
    #expect(found?.contains("; ") == true, "\(lines)")
  }

  @Test("pages that were overwritten are a finding, and keep no other from being looked at")
  func overwritten() throws {
    let folder = try TemporaryFolder()
    let path = try store(in: folder, damagedBy: "UPDATE hold SET kind = 'lost' WHERE job = 2")
    try Self.overwrite("event", of: path)
    let lines = try StoreCheck(path: path).findings.map(\.description)
    #expect(lines.contains { $0.hasPrefix("database: ") }, "\(lines)")
    #expect(lines.contains { $0.hasPrefix("event: cannot be read") }, "\(lines)")
    #expect(lines.contains { $0.hasPrefix("hold 1: kind is") }, "\(lines)")
  }

  @Test("of a hundred things of one kind and more, the rest is one line")
  func many() throws {
    let folder = try TemporaryFolder()
    let path = try store(
      in: folder,
      damagedBy: """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
        INSERT INTO hold (pipeline, kind, detail, since) SELECT 'p' || i, 'lost', '', 0 FROM n
        """)
    let findings = try StoreCheck(path: path).findings
    #expect(findings.count == 101 && findings.last?.problem == "there are more of these")
  }

  @Test("what is no database is refused with a text that names it")
  func noDatabase() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("store.db", Array(repeating: UInt8(ascii: "x"), count: 5000))
    let error = #expect(throws: StoreError.self) { _ = try StoreCheck(path: path) }
    guard case .unusable(let text) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.hasPrefix("\(path) cannot be read: "))
  }

  /// Puts nonsense over the first page of a table.
  static func overwrite(_ table: String, of path: String) throws {
    let page = try #require(
      try StoreFixture.value(Int.self, "SELECT rootpage FROM sqlite_master WHERE name = '\(table)'", of: path))
    let size = try #require(try StoreFixture.value(Int.self, "PRAGMA page_size", of: path))
    let file = try FileHandle(forUpdating: URL(filePath: path))
    try file.seek(toOffset: UInt64((page - 1) * size))
    try file.write(contentsOf: Data(repeating: 0xFF, count: size))
    try file.close()
  }
}
