import Foundation
import GRDB
import Model

/// A look at a whole store, which changes nothing; also while a daemon uses it.
///
/// All of it is one read transaction, so that counts and rows belong together: a daemon's log cannot be emptied
/// meanwhile. Blocks.
package struct StoreCheck: Sendable {
  /// Something that is wrong.
  package struct Finding: Sendable, Hashable, CustomStringConvertible {
    package var table: String
    /// Its key; nil: the table as a whole.
    package var row: String?
    package var problem: String
    /// What to do about it.
    package var remedy: String

    package var description: String { "\(table)\(row.map { " \($0)" } ?? ""): \(problem); \(remedy)" }
  }

  /// Of one kind; more of it would say nothing new.
  static let maximumFindings = 100
  static let restore = "restore a backup (docs/backup.md)"

  /// Empty: the store is well.
  package internal(set) var findings: [Finding] = []
  /// What is worth knowing, and not wrong.
  package private(set) var notes: [String] = []
  package private(set) var invoices = 0
  package private(set) var jobs = 0
  package private(set) var deliveries = 0

  /// Throws `StoreError.unusable` when the file cannot be read as a database at all.
  package init(path: String) throws {
    // Before the database: a daemon raises the mark after it.
    let file = StoreMark.File(beside: path)
    let mark = file.read()
    do {
      var configuration = Configuration()
      configuration.label = "invoiced.check"
      configuration.readonly = true
      configuration.busyMode = .timeout(5)
      let database = try DatabaseQueue(path: path, configuration: configuration)
      // Not GRDB's own transaction: to commit one that met damaged pages is an error, which would hide what was found.
      try database.unsafeRead { db in
        try db.execute(sql: "BEGIN")
        defer { try? db.execute(sql: "ROLLBACK") }
        try look(at: db)
        checkMark(db, file, mark)
      }
      try database.close()
    } catch {
      throw StoreError.unusable("\(path) cannot be read: \(error)")
    }
  }

  private mutating func look(at db: Database) throws {
    let known = Schema.migrator
    let applied = try known.appliedIdentifiers(db)
    checkIntegrity(db)
    guard applied.isSubset(of: known.migrations) else {
      return report("grdb_migrations", "was written by a newer version of invoiced", "install that version again")
    }
    guard let schema = known.migrations.last(where: applied.contains) else {
      return report("grdb_migrations", "this is no store of invoiced", "look whether --state names the right folder")
    }
    if let newest = known.migrations.last, newest != schema {
      notes.append("schema \(schema), of an older version: the daemon's next start makes it \(newest)")
    }
    try checkSchema(db, upTo: schema)
    checkRows(db)
    checking("store") { check in
      if try db.columns(in: "store").contains(where: { $0.name == "copied_at" }),
        let copied = try Int64.fetchOne(db, sql: "SELECT copied_at FROM store")
      {
        check.notes.append("a backup of \(WireJSON.text(of: Date(milliseconds: copied)))")
      }
    }
    checking("invoice") { $0.invoices = try Int.fetchOne(db, sql: "SELECT count(*) FROM invoice") ?? 0 }
    checking("job") { $0.jobs = try Int.fetchOne(db, sql: "SELECT count(*) FROM job") ?? 0 }
    checking("delivery") { $0.deliveries = try Int.fetchOne(db, sql: "SELECT count(*) FROM delivery") ?? 0 }
  }

  /// Whether the daemon's next start would take the store for a restored one.
  private mutating func checkMark(_ db: Database, _ file: StoreMark.File, _ found: StoreMark?) {
    checking("store") { check in
      let applied = try Schema.migrator.appliedIdentifiers(db)
      guard applied.contains("1"), let own = try StoreMark.of(db, file) else { return }
      let restoration = try Restoration(db, own: own, found: found, isMarked: applied.contains(Schema.markedSince))
      // That it is a backup is told already.
      if case .backup = restoration { return }
      guard let restoration else { return }
      check.notes.append("the daemon's next start takes it for a restored store: \(restoration)")
    }
  }

  /// Pages, indexes, constraints, and rows that name others.
  private mutating func checkIntegrity(_ db: Database) {
    checking("database") { check in
      for text in try String.fetchAll(db, sql: "PRAGMA integrity_check(\(Self.maximumFindings))") where text != "ok" {
        check.report("database", text.replacing("\n", with: " "), Self.restore)
      }
    }
    checking("database") { check in
      let rows = try Row.fetchCursor(db, sql: "PRAGMA foreign_key_check")
      try check.collect(rows) { row in
        let (table, id, parent): (String, Int64?, String) = (row["table"], row["rowid"], row["parent"])
        // The rows of `invoice` have no such number, and are looked at by their own.
        guard let id else { return nil }
        return Finding(
          table: table, row: "\(id)", problem: "names a row of \(parent) that is not there",
          remedy: Self.restore)
      }
    }
  }

  /// Tables and indexes as this version makes them: without the unique index of claims, for one, an invoice could go out
  /// twice.
  private mutating func checkSchema(_ db: Database, upTo version: String) throws {
    let sample = try DatabaseQueue()
    try Schema.migrator.migrate(sample, upTo: version)
    let (wanted, there) = (try sample.read(Self.schema), try Self.schema(db))
    for (name, sql) in wanted.sorted(by: { $0.key < $1.key }) where there[name] != sql {
      report("schema", "\(name) is \(there[name] == nil ? "missing" : "another one")", Self.restore)
    }
    for name in there.keys.sorted() where wanted[name] == nil {
      report("schema", "\(name) is none of invoiced's", "remove it, unless you know why it is there")
    }
  }

  private static func schema(_ db: Database) throws -> [String: String] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT type || ' ' || name AS name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite~_%' ESCAPE '~'")
    return Dictionary(rows.map { ($0["name"], $0["sql"] ?? "") }, uniquingKeysWith: { first, _ in first })
  }

  // MARK: Collecting

  mutating func report(_ table: String, _ problem: String, _ remedy: String) {
    findings.append(Finding(table: table, row: nil, problem: problem, remedy: remedy))
  }

  /// Adds what the rows are found to be, as far as the bound.
  mutating func collect(_ rows: some Cursor<Row>, _ finding: (Row) throws -> Finding?) throws {
    var count = 0
    while let row = try rows.next() {
      guard let finding = try finding(row) else { continue }
      guard count < Self.maximumFindings else {
        return report(finding.table, "there are more of these", "see the lines above")
      }
      findings.append(finding)
      count += 1
    }
  }

  /// A part of a damaged store that cannot be read is a finding, and keeps no other from being looked at.
  mutating func checking(_ table: String, _ look: (inout Self) throws -> Void) {
    do { try look(&self) } catch { report(table, "cannot be read: \(error)", Self.restore) }
  }
}
