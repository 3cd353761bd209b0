import Foundation
import GRDB
import Model

/// Everything durable: catalogue, jobs, deliveries, holds, events. Verbs on the words of Model; no SQL stands
/// elsewhere.
///
/// Reads see the last commit. Every change is one transaction that is on the disk (fsync) before it returns.
/// Errors are `StoreError`s.
package final class Store: Sendable {
  /// Of each connection. SQLite's default is 2 MiB: five connections would fill 10 MiB as the database grows, for pages
  /// that the kernel has in its own cache. Memory is not to grow with the number of invoices.
  private static let pageCacheInKibibytes = 256

  let pool: DatabasePool
  let writer: Writer
  let time: Time
  /// Random identity of this store: part of every delivery key.
  package let identity: String
  /// Random; changes when the store is restored or copied. Part of every event id.
  package let epoch: String
  /// Told of every commit that changed something.
  package let changes: Changes

  /// Opens or creates the database. The caller holds the lock that keeps a second daemon out.
  ///
  /// Throws `StoreError.unusable` with a text for an operator.
  package init(path: String, time: Time) throws {
    do {
      var configuration = Configuration()
      configuration.label = "invoiced.store"
      configuration.foreignKeysEnabled = true
      configuration.busyMode = .timeout(5)
      configuration.maximumReaderCount = 4
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -\(Self.pageCacheInKibibytes)") }
      pool = try DatabasePool(path: path, configuration: configuration)
      // DatabasePool sets NORMAL when it turns WAL on; a commit must survive a power cut.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      let known = Schema.migrator
      if try pool.read({ try known.hasBeenSuperseded($0) }) {
        throw StoreError.unusable("\(path) was written by a newer version of invoiced; install that version again")
      }
      try known.migrate(pool)
      let created = time.now()
      let row = try pool.write { db -> (String, String) in
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO store (id, identity, epoch, created_at)
            VALUES (1, lower(hex(randomblob(8))), lower(hex(randomblob(6))), ?)
            """,
          arguments: [created.milliseconds])
        for table in ["staged_invoice", "staged_problem", "staged_selection"] {
          try db.execute(sql: "DELETE FROM \(table)")
        }
        guard let row = try Row.fetchOne(db, sql: "SELECT identity, epoch FROM store") else {
          throw StoreError.unusable("\(path) has no identity")
        }
        return (row["identity"], row["epoch"])
      }
      (identity, epoch) = row
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError.unusable("\(path) cannot be opened: \(error)")
    }
    self.time = time
    let changes = Changes()
    self.changes = changes
    writer = Writer(pool: pool) { changes.tell() }
  }

  /// Writes the log back into the database and closes it; afterwards nothing may be asked.
  package func close() throws {
    changes.finish()
    _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    try pool.close()
  }

  /// The setting that a commit relies on; 2 is FULL.
  package func synchronousMode() throws -> Int {
    try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
  }

  /// A short read of the last commit.
  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(StoreError) -> T {
    do {
      return try await pool.read(body)
    } catch {
      throw StoreError(error)
    }
  }

  /// A change, with the ledger that keeps job states, counts and events true.
  func change<T: Sendable>(_ body: @escaping @Sendable (Ledger) throws -> T) async throws(StoreError) -> T {
    let (epoch, now) = (epoch, time.now())
    return try await writer.perform { db in try body(Ledger(db: db, epoch: epoch, now: now)) }
  }
}

extension Date {
  var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

  init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension WireJSON {
  static func text(_ value: some Encodable) throws -> String { String(decoding: try encode(value), as: UTF8.self) }

  static func value<T: Decodable>(_ type: T.Type, _ text: String) throws -> T {
    try decode(type, from: Data(text.utf8))
  }
}
