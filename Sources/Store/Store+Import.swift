import Foundation
import GRDB
import Model

/// A checked row of a manifest.
package struct StagedInvoice: Sendable {
  package var line: Int
  package var invoice: Invoice
  /// Another system sent it at this time.
  package var sentAt: Date?

  package init(line: Int, invoice: Invoice, sentAt: Date?) {
    self.line = line
    self.invoice = invoice
    self.sentAt = sentAt
  }
}

/// What applying an import did.
package struct ImportResult: Sendable, Hashable {
  package var added = 0
  package var updated = 0
  package var unchanged = 0
  /// Lines with a problem; those with nothing but a warning do not count.
  package var bad = 0
  package var warnings = 0
  /// False: nothing was changed, because of the bad lines.
  package var applied = false
}

/// Imports: rows are staged in small batches, and applied in one short transaction.
extension Store {
  /// Keeps checked rows and problems until the import is applied or dropped. At most some hundred a call.
  package func stage(
    _ id: String, invoices: [StagedInvoice], problems: [ImportProblem]
  ) async throws(StoreError) {
    try await change { transaction in
      for row in invoices {
        let (invoice, db) = (row.invoice, transaction.db)
        try db.execute(
          sql: "INSERT OR IGNORE INTO staged_invoice VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          arguments: [
            id, row.line, invoice.number, invoice.cct, invoice.period.description, try transaction.content(of: invoice),
            row.sentAt?.milliseconds, NumberLikeness.key(of: invoice.number), invoice.file.sha256,
          ])
        guard db.changesCount == 0 else {
          try transaction.warn(id, of: row)
          continue
        }
        let earlier = try Int.fetchOne(
          db, sql: "SELECT line FROM staged_invoice WHERE import = ? AND number = ?", arguments: [id, invoice.number])
        try transaction.addProblem(
          id,
          ImportProblem(
            line: row.line, column: "number", code: .numberDuplicate, value: "\(invoice.number) (\(earlier ?? 0))"
          ))
      }
      for problem in problems { try transaction.addProblem(id, problem) }
    }
  }

  package func dropImport(_ id: String) async throws(StoreError) {
    try await change { try $0.dropImport(id) }
  }

  /// A staged problem, and where the next page begins.
  package struct StagedProblem: Sendable {
    package var problem: ImportProblem
    /// Several may be of one line.
    fileprivate var row: Int64
  }

  /// Problems of an import in the order of their lines, page by page: all after this one.
  package func problems(
    of id: String, after last: StagedProblem? = nil, limit: Int
  ) async throws(StoreError) -> Page<StagedProblem> {
    try await read { db in
      try Page(
        db,
        """
        SELECT rowid, * FROM staged_problem WHERE import = :import AND (line, rowid) > (:line, :row)
        ORDER BY line, rowid LIMIT :limit
        """,
        ["import": id, "line": last?.problem.line ?? .min, "row": last?.row ?? .min], limit: limit
      ) { row in
        StagedProblem(
          problem: ImportProblem(
            line: row["line"], column: row["field"], code: try row.state("code"), value: row["value"]),
          row: row["rowid"])
      }
    }
  }

  /// What applying an import would change in invoices that are there already, page by page after a number.
  package func pendingChanges(
    of id: String, after: String, limit: Int
  ) async throws(StoreError) -> Page<(number: String, fields: [String])> {
    try await read { db in
      try Page(
        db,
        """
        SELECT s.number, s.content AS new, r.content AS old, s.sent_at IS NOT NULL AND i.sent_at IS NULL AS marked
        FROM staged_invoice s JOIN invoice i ON i.number = s.number JOIN revision r ON r.id = i.revision
        WHERE s.import = :import AND s.number > :after AND (\(Self.differs)) ORDER BY s.number LIMIT :limit
        """,
        ["import": id, "after": after], limit: limit
      ) { row in
        var fields = try Self.changedFields(row["old"], row["new"])
        if row["marked"] { fields.append("sent_at") }
        return (row["number"], fields)
      }
    }
  }

  /// Finds the refused updates among the staged rows; they become problems. `applyImport` looks once more.
  package func checkRefusals(of id: String) async throws(StoreError) {
    try await change { try $0.refuseUpdates(of: id) }
  }

  /// Applies what is staged, in one transaction, and forgets the import. With a bad line and without `skipBad`, nothing
  /// is applied.
  package func applyImport(
    _ id: String, skipBad: Bool, by person: Person
  ) async throws(StoreError) -> ImportResult {
    try await change { transaction in
      let db = transaction.db
      try transaction.refuseUpdates(of: id)
      var result = ImportResult()
      func count(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql, arguments: [id]) ?? 0 }
      result.bad = try count("SELECT count(DISTINCT line) FROM staged_problem WHERE import = ? AND NOT is_warning")
      result.warnings = try count("SELECT count(*) FROM staged_problem WHERE import = ? AND is_warning")
      let staged =
        "staged_invoice s LEFT JOIN invoice i ON i.number = s.number LEFT JOIN revision r ON r.id = i.revision"
      result.added = try count("SELECT count(*) FROM \(staged) WHERE s.import = ? AND i.number IS NULL")
      result.updated = try count(
        "SELECT count(*) FROM \(staged) WHERE s.import = ? AND i.number IS NOT NULL AND (\(Self.differs))")
      result.unchanged =
        try count("SELECT count(*) FROM staged_invoice WHERE import = ?") - result.added - result.updated
      guard result.bad == 0 || skipBad else {
        try transaction.dropImport(id)
        return result
      }
      try db.execute(
        sql: """
          INSERT INTO revision (number, content) SELECT s.number, s.content FROM \(staged)
          WHERE s.import = ? AND s.content IS NOT r.content
          """, arguments: [id])
      try db.execute(
        sql: """
          INSERT INTO invoice (number, revision, cct, period, sent_at, updated_at, likeness, file_sha256)
          SELECT s.number, (SELECT max(id) FROM revision v WHERE v.number = s.number), s.cct, s.period, s.sent_at, ?,
            s.likeness, s.file_sha256
          FROM \(staged) WHERE s.import = ? AND (i.number IS NULL OR (\(Self.differs)))
          ON CONFLICT (number) DO UPDATE SET revision = excluded.revision, cct = excluded.cct,
            period = excluded.period, sent_at = coalesce(excluded.sent_at, sent_at), updated_at = excluded.updated_at,
            file_sha256 = excluded.file_sha256
          """, arguments: [transaction.now.milliseconds, id])
      try transaction.dropImport(id)
      try transaction.note(
        "import", by: person, detail: "\(result.added) added, \(result.updated) updated, \(result.bad) bad")
      result.applied = true
      return result
    }
  }

  /// Whether staged row `s` is other than invoice `i` with revision `r`. A mark that is gone from the manifest stays.
  fileprivate static let differs =
    "s.content IS NOT r.content OR (s.sent_at IS NOT NULL AND i.sent_at IS NULL)"

  private static func changedFields(_ old: String, _ new: String) throws -> [String] {
    let (old, new) = (try WireJSON.value(Invoice.self, old), try WireJSON.value(Invoice.self, new))
    var fields: [String] = []
    if old.cct != new.cct { fields.append("cct") }
    if old.period != new.period { fields.append("period") }
    if old.file != new.file { fields.append("file") }
    if old.attachments != new.attachments { fields.append("attachments") }
    if old.to != new.to { fields.append("to") }
    if old.cc != new.cc { fields.append("cc") }
    if old.bcc != new.bcc { fields.append("bcc") }
    if old.language != new.language { fields.append("language") }
    for name in Set(old.fields.keys).union(new.fields.keys).sorted() where old.fields[name] != new.fields[name] {
      fields.append(name)
    }
    return fields
  }
}

extension StoreTransaction {
  /// As it is kept. Fields that the catalogue knows keep their spelling there, so that capitals make no new revision.
  fileprivate func content(of invoice: Invoice) throws -> String {
    let content = try WireJSON.text(invoice)
    let known = try String.fetchOne(
      db, sql: "SELECT r.content FROM invoice i JOIN revision r ON r.id = i.revision WHERE i.number = ?",
      arguments: [invoice.number])
    guard let known, known != content else { return content }
    return try WireJSON.text(invoice.spelled(as: WireJSON.value(Invoice.self, known)))
  }

  func addProblem(_ id: String, _ problem: ImportProblem) throws {
    try db.execute(
      sql: "INSERT INTO staged_problem (import, line, field, code, value, is_warning) VALUES (?, ?, ?, ?, ?, ?)",
      arguments: [id, problem.line, problem.column, problem.code.rawValue, problem.value, problem.code.isWarning])
  }

  /// An invoice that was sent, or is being sent, keeps its content.
  func refuseUpdates(of id: String) throws {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT s.number, s.line, max(d.state IN ('pending', 'prepared', 'sending', 'unknown')) AS open
        FROM staged_invoice s JOIN invoice i ON i.number = s.number JOIN revision r ON r.id = i.revision
        JOIN delivery d ON d.number = s.number
        WHERE s.import = ? AND (\(Store.differs)) AND d.exclusive
          AND d.state IN ('pending', 'prepared', 'sending', 'unknown', 'sent', 'recorded')
        GROUP BY s.number
        """,
      arguments: [id])
    for row in rows {
      let code = row["open"] ? ImportProblemCode.openDelivery : .sentAlready
      try addProblem(id, ImportProblem(line: row["line"], column: "number", code: code, value: row["number"]))
      try db.execute(
        sql: "DELETE FROM staged_invoice WHERE import = ? AND number = ?", arguments: [id, row["number"] as String])
    }
  }

  func dropImport(_ id: String) throws {
    try db.execute(sql: "DELETE FROM staged_invoice WHERE import = ?", arguments: [id])
    try db.execute(sql: "DELETE FROM staged_problem WHERE import = ?", arguments: [id])
  }
}
