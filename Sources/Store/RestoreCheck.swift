import Foundation
import GRDB
import Model

/// Who the store is, settled each time that it is opened, in one transaction.
struct RestoreCheck: Sendable {
  var mark: StoreMark
  /// Nil: it goes on where it was.
  var restoration: Restoration?

  /// - Parameter isMarked: the database is of a version that keeps a mark; an older one has none to be compared.
  static func perform(
    _ db: Database, mark file: StoreMark.File, isMarked: Bool, pipelines: [String], now: Date
  ) throws -> RestoreCheck {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO store (id, identity, epoch, created_at)
        VALUES (1, lower(hex(randomblob(8))), lower(hex(randomblob(6))), ?)
        """,
      arguments: [now.milliseconds])
    for table in ["staged_invoice", "staged_problem"] {
      try db.execute(sql: "DELETE FROM \(table)")
    }
    let found = file.read()
    let restoration = try Restoration(db, own: mark(db, file), found: found, isMarked: isMarked)
    // The mark is written after the commit (`StoreMark`).
    if restoration == nil {
      // Beyond 1 only beside a mark that is on the disk already.
      try db.execute(sql: "UPDATE store SET generation = max(generation, 1) + ?", arguments: [found == nil ? 0 : 1])
    } else {
      // A crash before the mark is found as another mark, and does this once more.
      try db.execute(
        sql: """
          UPDATE store SET identity = lower(hex(randomblob(8))), epoch = lower(hex(randomblob(6))), copied_at = NULL,
            generation = max(generation, 1)
          """)
    }
    let mark = try mark(db, file)
    if restoration != nil { try StoreTransaction(db: db, epoch: mark.epoch, now: now).putInDoubt(pipelines) }
    return RestoreCheck(mark: mark, restoration: restoration)
  }

  private static func mark(_ db: Database, _ file: StoreMark.File) throws -> StoreMark {
    guard let mark = try StoreMark.of(db, file) else { throw StoreError.unusable("the database has no identity") }
    return mark
  }
}

extension StoreTransaction {
  /// After the store was put back to an earlier time, or lost: whatever was to be sent then may have been sent since. Each open
  /// delivery is for a person to decide, and nothing goes out before a person resumes.
  func putInDoubt(_ configured: [String]) throws {
    let open = try Int64.fetchAll(
      db,
      sql: """
        SELECT id FROM delivery WHERE state IN ('pending', 'prepared', 'sending', 'unknown')
          AND job IN (SELECT id FROM job WHERE test_to IS NULL) ORDER BY id
        """)
    for id in open {
      let row = try delivery(id)
      let doubt: KeyValuePairs<String, (any DatabaseValueConvertible)?> = [
        "code": ErrorCode.restored.rawValue, "detail": nil, "ask": true, "not_before": nil,
      ]
      if row.state == .unknown {
        try update(row, doubt.map { ($0.key, $0.value) })
      } else {
        try move(row, to: .unknown, doubt)
      }
      try report(id)
    }
    for job in try Int64.fetchAll(db, sql: "SELECT id FROM job WHERE state NOT IN ('completed', 'cancelled')") {
      try hold(job: job, pipeline: nil, .restored, nil, "")
    }
    // The next jobs too: an invoice that was sent since looks due.
    let used = try String.fetchAll(db, sql: "SELECT DISTINCT pipeline FROM job")
    for pipeline in Set(used).union(configured).sorted() {
      try hold(job: nil, pipeline: pipeline, .restored, nil, "")
    }
  }

  /// Holds a pipeline that is about to make its first real job while the store is in doubt for others: that the
  /// configuration got this name only since, or names another one in the place of a held one, says nothing about what was
  /// sent.
  func holdInDoubt(_ pipeline: String) throws {
    let isInDoubt = try Bool.fetchOne(
      db,
      sql: """
        SELECT EXISTS (SELECT 1 FROM hold WHERE kind = ?1 AND pipeline <> ?2)
          AND NOT EXISTS (SELECT 1 FROM job WHERE pipeline = ?2 AND exclusive)
        """,
      arguments: [Hold.Kind.restored.rawValue, pipeline])
    if isInDoubt == true { try hold(job: nil, pipeline: pipeline, .restored, nil, "") }
  }
}
