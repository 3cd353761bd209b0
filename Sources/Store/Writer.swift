import Dispatch
import GRDB
import Synchronization

/// The only writer of the database, on a thread of its own and outside every task: a change that was handed over is
/// written whatever becomes of the task that waits for it.
///
/// All changes that wait share one transaction and so one fsync; each stands in a savepoint of its own, so that one
/// that fails takes nothing along. Answers are given after COMMIT.
///
/// A change that raises the store's generation is answered only when the mark beside the database has it too, so that
/// nothing is sent of which an older database would know nothing (`StoreMark`).
///
/// A full disk gets the reserve, once. An I/O error leaves open whether the transaction stands: the database is opened
/// anew before anybody is answered, so that whoever asks afterwards learns what is true.
final class Writer: Sendable {
  private struct Change: Sendable {
    /// Runs inside the savepoint; keeps the answer for `finish`. True: it raised the store's generation.
    let apply: @Sendable (Database) throws -> Bool
    /// Called once, after COMMIT (nil) or with what prevented it.
    let finish: @Sendable ((any Error)?) -> Void
  }

  /// What became of a transaction.
  private struct Committed {
    /// By index, what kept a change out of it.
    var refused: [Int: any Error] = [:]
    /// Indexes of the changes that raised the generation, and what it is now.
    var raising: Set<Int> = []
    var generation: Int64 = 0
    var isChanged = false
  }

  /// Told on the writer's thread.
  struct Listener: Sendable {
    /// A transaction begins; the one before may have been taken back.
    var begin: @Sendable () -> Void
    /// It is on the disk, and changed a row. The answers are given afterwards.
    var committed: @Sendable () -> Void
    /// The database was opened anew: what was thought to have failed may stand.
    var reopened: @Sendable () -> Void
  }

  /// Most changes in one transaction: bounds how long a reader of the WAL and the first waiter are kept.
  private static let batchLimit = 256

  private let connections: Connections
  private let reserve: Reserve
  private let mark: CurrentMark
  private let queue = DispatchQueue(label: "invoiced.store.writer")
  private let waiting = Mutex<[Change]>([])
  /// After an I/O error, until the database is opened anew.
  private let isSuspect = Atomic(false)
  private let listener: Listener

  init(connections: Connections, reserve: Reserve, mark: CurrentMark, listener: Listener) {
    self.connections = connections
    self.reserve = reserve
    self.mark = mark
    self.listener = listener
  }

  /// Runs one change and returns after it is on the disk. Not cancellable.
  ///
  /// When it throws `.failed`, the change may stand on the disk all the same, if a sync failed, or the mark could not be
  /// written: a change that must not be made twice has to look first whether it was made.
  ///
  /// - Parameter body: returns the answer, and whether it raised the store's generation.
  func perform<T: Sendable>(
    _ body: @escaping @Sendable (Database) throws -> (value: T, raises: Bool)
  ) async throws(StoreError) -> T {
    let answer = Mutex<T?>(nil)
    let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
      let change = Change(
        apply: { db in
          let (value, raises) = try body(db)
          answer.withLock { $0 = value }
          return raises
        },
        finish: { error in
          if let error {
            continuation.resume(returning: .failure(StoreError(error)))
          } else if let value = answer.withLock({ $0 }) {
            continuation.resume(returning: .success(value))
          } else {
            continuation.resume(returning: .failure(.failed("the change was not applied")))
          }
        })
      waiting.withLock { $0.append(change) }
      queue.async { self.drain() }
    }
    return try result.get()
  }

  /// Writes all that waits. Every call of `perform` schedules one; those that find nothing left return at once.
  private func drain() {
    let batch = waiting.withLock { waiting -> [Change] in
      let batch = Array(waiting.prefix(Self.batchLimit))
      waiting.removeFirst(batch.count)
      return batch
    }
    guard !batch.isEmpty else { return }
    do {
      let committed = try commit(batch)
      if committed.isChanged { listener.committed() }
      let unmarked = raiseMark(committed)
      for (index, change) in batch.enumerated() {
        change.finish(committed.refused[index] ?? (committed.raising.contains(index) ? unmarked : nil))
      }
    } catch {
      for change in batch { change.finish(error) }
    }
  }

  /// Writes the generation that a transaction committed beside the database. Returns what prevented it.
  private func raiseMark(_ committed: Committed) -> (any Error)? {
    guard !committed.raising.isEmpty else { return nil }
    do {
      try mark.raise(to: committed.generation)
      return nil
    } catch {
      return error
    }
  }

  private func commit(_ batch: [Change]) throws -> Committed {
    try reopenIfSuspect()
    do {
      return try write(batch)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_FULL && reserve.free() {
      return try write(batch)
    } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
      isSuspect.store(true, ordering: .releasing)
      // What is missing may be room, for the log's index. When this fails too, the next change tries it again.
      do { try reopenIfSuspect() } catch { if reserve.free() { try? reopenIfSuspect() } }
      throw error
    }
  }

  private func reopenIfSuspect() throws {
    guard isSuspect.load(ordering: .acquiring) else { return }
    try connections.reopen()
    isSuspect.store(false, ordering: .releasing)
    listener.reopened()
  }

  private func write(_ batch: [Change]) throws -> Committed {
    var committed = Committed()
    listener.begin()
    try connections.pool.write { db in
      let before = db.totalChangesCount
      for (index, change) in batch.enumerated() {
        do {
          try db.inSavepoint {
            if try change.apply(db) { committed.raising.insert(index) }
            return .commit
          }
        } catch {
          // A full disk makes SQLite roll back the whole transaction, savepoints and all (lang_transaction.html,
          // "Response To Errors Within A Transaction"); what follows would run without one.
          let isDisk = [.SQLITE_FULL, .SQLITE_IOERR].contains((error as? DatabaseError)?.resultCode)
          guard db.isInsideTransaction, !isDisk else { throw error }
          committed.refused[index] = error
        }
      }
      committed.isChanged = db.totalChangesCount != before
      if !committed.raising.isEmpty {
        committed.generation = try Int64.fetchOne(db, sql: "SELECT generation FROM store") ?? 0
      }
    }
    return committed
  }
}
