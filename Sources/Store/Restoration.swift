import Foundation
import GRDB
import Model

/// Why a store does not go on where it was: what it says may be older than what was sent.
package enum Restoration: Sendable, Hashable, CustomStringConvertible {
  /// It is a backup that was made at this time.
  case backup(Date)
  /// There was another store, and this one has only just been made: the database was removed, or emptied; or its log was,
  /// before anything had been written back from it.
  case lost
  /// It is older than the mark beside it: a copy of an earlier time, or one whose log was removed.
  case older
  /// The mark is of another store, or of the same one before it was restored.
  case otherMark
  /// There is no mark, although there was one.
  case noMark
  /// It lies in another file than before: it was copied or put back.
  case otherFile

  /// What was found, for an operator.
  package var description: String {
    switch self {
    case .backup(let date): "it is the backup of \(WireJSON.text(of: date))"
    case .lost:
      "the file “epoch” names a store that is gone: store.db was missing or empty, or its log (store.db-wal) was removed "
        + "too early, and it has been made anew"
    case .older:
      "store.db is older than the file “epoch” beside it: an earlier copy was written over it, or store.db-wal was removed"
    case .otherMark: "the database and the file “epoch” beside it do not belong together"
    case .noMark: "the file “epoch” beside the database is missing, or cannot be read"
    case .otherFile: "the database was copied into place"
    }
  }

  /// Compares a database with the mark beside it. Nil: it goes on where it was.
  ///
  /// A crash of a healthy store gives nil, whenever it comes (`StoreMark`): while the store is being made there is no mark
  /// and nothing to repeat, and later the mark is at most behind. One case errs, to the safe side: a store of schema 1,
  /// which had no mark yet, whose first start with this version was killed right after the migration.
  ///
  /// - Parameters:
  ///   - own: what the mark should say.
  ///   - found: what it says; nil: there is none.
  ///   - isMarked: the database is of a version that keeps a mark; an older one has none to be missed.
  init?(_ db: Database, own: StoreMark, found: StoreMark?, isMarked: Bool) throws {
    if try db.columns(in: "store").contains(where: { $0.name == "copied_at" }),
      let copiedAt = try Int64.fetchOne(db, sql: "SELECT copied_at FROM store")
    {
      self = .backup(Date(milliseconds: copiedAt))
      return
    }
    // It is raised beyond 1 only once a mark is on the disk, and nothing is done before.
    let isNew = own.generation <= 1
    let hasJobs = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM job)") ?? false
    guard let found else {
      // Zero: as version 0.1 left it.
      guard !isNew || (own.generation == 0 && isMarked && hasJobs) else { return nil }
      self = .noMark
      return
    }
    guard found.store == own.store, found.epoch == own.epoch else {
      self = isNew && !hasJobs ? .lost : .otherMark
      return
    }
    guard found.generation <= own.generation else {
      self = .older
      return
    }
    guard !found.file.mayBe(own.file) else { return nil }
    self = .otherFile
  }
}

extension StoreMark {
  /// What the mark of a database should say; nil: it has no identity yet.
  static func of(_ db: Database, _ file: File) throws -> StoreMark? {
    // A database of version 0.1, as `invoiced --check-store` may look at it, counts no generation.
    let counts = try db.columns(in: "store").contains { $0.name == "generation" }
    let row = try Row.fetchOne(
      db, sql: "SELECT identity, epoch, \(counts ? "generation" : "0") AS generation FROM store")
    guard let row else { return nil }
    return StoreMark(
      store: row["identity"], epoch: row["epoch"], generation: row["generation"], file: file.identity)
  }
}
