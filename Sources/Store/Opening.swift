import Foundation
import GRDB
import Model

/// Who the store is, settled each time that it is opened, in one transaction.
struct Opening: Sendable {
  var mark: StoreMark
  /// Nil: it goes on where it was.
  var restoration: Restoration?

  /// - Parameter isMarked: the database is of a version that keeps a mark; an older one has none to be compared.
  static func perform(
    _ db: Database, mark file: StoreMark.File, isMarked: Bool, pipelines: [String], now: Date
  ) throws -> Opening {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO store (id, identity, epoch, created_at)
        VALUES (1, lower(hex(randomblob(8))), lower(hex(randomblob(6))), ?)
        """,
      arguments: [now.milliseconds])
    for table in ["staged_invoice", "staged_problem", "staged_selection"] {
      try db.execute(sql: "DELETE FROM \(table)")
    }
    let before = try self.mark(db, inode: file.inode)
    guard let restoration = try restoration(db, before, file.read(), isMarked) else {
      return Opening(mark: before, restoration: nil)
    }
    // The mark is written after the commit: a crash between them is found as another mark, and does this once more.
    try db.execute(
      sql: "UPDATE store SET identity = lower(hex(randomblob(8))), epoch = lower(hex(randomblob(6))), copied_at = NULL")
    let after = try self.mark(db, inode: before.inode)
    try Ledger(db: db, epoch: after.epoch, now: now).putInDoubt(pipelines)
    return Opening(mark: after, restoration: restoration)
  }

  private static func mark(_ db: Database, inode: UInt64) throws -> StoreMark {
    guard let row = try Row.fetchOne(db, sql: "SELECT identity, epoch FROM store") else {
      throw StoreError.unusable("the database has no identity")
    }
    return StoreMark(store: row["identity"], epoch: row["epoch"], inode: inode)
  }

  private static func restoration(
    _ db: Database, _ own: StoreMark, _ found: StoreMark?, _ isMarked: Bool
  ) throws -> Restoration? {
    if let copiedAt = try Int64.fetchOne(db, sql: "SELECT copied_at FROM store") {
      return .backup(Date(milliseconds: copiedAt))
    }
    // A store that has not begun to send has nothing to repeat: one that is new, whose mark a crash kept from the disk.
    guard isMarked, try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM job)") ?? false else { return nil }
    guard let found, found.store == own.store, found.epoch == own.epoch else { return .otherMark }
    return found.inode == own.inode ? nil : .otherFile
  }
}

extension Ledger {
  /// After the store was put back to an earlier time: whatever was to be sent then may have been sent since. Each open
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
}
