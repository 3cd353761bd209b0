import Files
import Foundation
import GRDB
import Model

/// Everything durable: catalogue, jobs, deliveries, holds, events. Verbs on the words of Model; no SQL stands
/// elsewhere.
///
/// Reads see the last commit. Every change is one transaction that is on the disk (fsync) before it returns.
/// Errors are `StoreError`s.
package final class Store: Sendable {
  let connections: Connections
  private let reserve: Reserve
  private let writer: Writer
  let time: Time
  /// Random identity of this store: part of every delivery key. Another one after the store was restored or copied, so
  /// that two stores never take each other's drafts for their own.
  package let identity: String
  /// Random; changes when the store is restored or copied. Part of every event id.
  package let epoch: String
  /// Why this store does not simply go on where it was; nil: it does.
  package let restoration: Restoration?
  /// Told of every commit that changed something.
  package let commits: CommitNotifier
  /// Told of every commit that has an event.
  package let newEvents: CommitNotifier
  let recent: RecentEvents

  /// Opens or creates the database; the reserve and the mark that tells a copy lie beside it. The caller holds the lock
  /// that keeps a second daemon out.
  ///
  /// - Parameter pipelines: names of those that the configuration has: their senders are held when the store was restored.
  ///
  /// Throws `StoreError.unusable` with a text for an operator.
  package init(path: String, pipelines: [String] = [], time: Time) throws {
    let currentMark: CurrentMark
    do {
      connections = try Connections(path: path)
      let pool = connections.pool
      let known = Schema.migrator
      if try pool.read({ try known.hasBeenSuperseded($0) }) {
        throw StoreError.unusable("\(path) was written by a newer version of invoiced; install that version again")
      }
      let mark = StoreMark.File(beside: path)
      let isMarked = try pool.read { try known.appliedIdentifiers($0).contains(Schema.markedSince) }
      try known.migrate(pool)
      // One that was opened before would go on with the old columns (`SELECT *`) until its first statement has run.
      pool.invalidateReadOnlyConnections()
      let now = time.now()
      let check = try pool.write { db in
        try RestoreCheck.perform(db, mark: mark, isMarked: isMarked, pipelines: pipelines, now: now)
      }
      try mark.write(check.mark)
      currentMark = CurrentMark(mark, check.mark)
      (identity, epoch, restoration) = (check.mark.store, check.mark.epoch, check.restoration)
    } catch let error as StoreError {
      throw error
    } catch {
      throw StoreError.unusable("\(path) cannot be opened: \(StoreError(error))")
    }
    self.time = time
    let (commits, newEvents, recent) = (CommitNotifier(), CommitNotifier(), RecentEvents())
    (self.commits, self.newEvents, self.recent) = (commits, newEvents, recent)
    reserve = Reserve(path: (path as NSString).deletingLastPathComponent + "/reserve")
    writer = Writer(
      connections: connections, reserve: reserve, mark: currentMark,
      listener: Writer.Listener(
        begin: { recent.begin() },
        committed: {
          if recent.commit() { newEvents.tell() }
          commits.tell()
        },
        reopened: {
          // Everybody looks again.
          recent.forget()
          newEvents.tell()
          commits.tell()
        }))
    // Without room nothing is sent; that is told with the first look at it.
    try? reserve.make()
  }

  /// Writes the log back into the database and closes it; afterwards nothing may be asked.
  package func close() throws {
    newEvents.finish()
    commits.finish()
    _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    try pool.close()
  }

  /// The setting that a commit relies on; 2 is FULL.
  package func synchronousMode() throws -> Int {
    try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
  }

  var pool: DatabasePool { connections.pool }

  /// Whether the room for outcomes is gone: the disk was full, and nothing new should be sent.
  package var isShortOfRoom: Bool { !reserve.isWhole }

  /// The smallest write there is, of the database and of the mark beside it, and the room for outcomes: tells whether the
  /// store can be relied on again.
  package func probe() async throws(StoreError) {
    try await change { try $0.raiseGeneration() }
    do {
      try await IOThread.run { [reserve] () throws(SystemCallError) in try reserve.make() }
    } catch {
      throw error.number == ENOSPC ? .full : .failed(error.description)
    }
  }

  /// A short read of the last commit.
  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(StoreError) -> T {
    do { return try await connections.read(body) } catch { throw StoreError(error) }
  }

  /// A change, with the transaction that keeps job states, counts and events true.
  func change<T: Sendable>(_ body: @escaping @Sendable (StoreTransaction) throws -> T) async throws(StoreError) -> T {
    let (epoch, now) = (epoch, time.now())
    return try await writer.perform { [recent] db in
      let transaction = StoreTransaction(db: db, epoch: epoch, now: now)
      let value = try body(transaction)
      recent.add(transaction.events.entries)
      return (value, transaction.raisesGeneration)
    }
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
