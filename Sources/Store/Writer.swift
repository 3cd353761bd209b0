import Dispatch
import GRDB
import Synchronization

/// The only writer of the database, on a thread of its own and outside every task: a change that was handed over is
/// written whatever becomes of the task that waits for it.
///
/// All changes that wait share one transaction and so one fsync; each stands in a savepoint of its own, so that one
/// that fails takes nothing along. Answers are given after COMMIT.
final class Writer: Sendable {
  private struct Change: Sendable {
    /// Runs inside the savepoint; keeps the answer for `finish`.
    let apply: @Sendable (Database) throws -> Void
    /// Called once, after COMMIT (nil) or with what prevented it.
    let finish: @Sendable ((any Error)?) -> Void
  }

  /// Most changes in one transaction: bounds how long a reader of the WAL and the first waiter are kept.
  private static let batchLimit = 256

  private let pool: DatabasePool
  private let queue = DispatchQueue(label: "invoiced.store.writer")
  private let waiting = Mutex<[Change]>([])
  private let afterCommit: @Sendable () -> Void

  /// - Parameter afterCommit: called on the writer's thread after each COMMIT that changed a row, before the answers
  /// are   given.
  init(pool: DatabasePool, afterCommit: @escaping @Sendable () -> Void) {
    self.pool = pool
    self.afterCommit = afterCommit
  }

  /// Runs one change and returns after it is on the disk. Not cancellable.
  func perform<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(StoreError) -> T {
    let answer = Mutex<T?>(nil)
    let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
      let change = Change(
        apply: { db in
          let value = try body(db)
          answer.withLock { $0 = value }
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
    var refused: [Int: any Error] = [:]
    var isChanged = false
    do {
      try pool.write { db in
        let before = db.totalChangesCount
        defer { isChanged = db.totalChangesCount != before }
        for (index, change) in batch.enumerated() {
          do {
            try db.inSavepoint {
              try change.apply(db)
              return .commit
            }
          } catch {
            // A full disk makes SQLite roll back the whole transaction, savepoints and all (lang_transaction.html,
            // "Response To Errors Within A Transaction"); what follows would run without one.
            guard db.isInsideTransaction else { throw error }
            refused[index] = error
          }
        }
      }
    } catch {
      for (index, change) in batch.enumerated() { change.finish(refused[index] ?? error) }
      return
    }
    if isChanged { afterCommit() }
    for (index, change) in batch.enumerated() { change.finish(refused[index]) }
  }
}
