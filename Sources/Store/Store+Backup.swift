import GRDB
import Model
import Synchronization

/// Copies of the store, made while it is in use.
extension Store {
  /// Pages between two looks at whether the copy is still wanted: 1 MiB.
  private static let pagesPerStep: CInt = 256

  /// What a copy takes: the database with all that its log holds.
  package func sizeInBytes() async throws(StoreError) -> Int {
    try await read { db in
      let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
      return try pages * (Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
    }
  }

  /// Writes the last commit to a path where nothing is, as one file that needs no log beside it, stamps it with the time
  /// (`store.copied_at`), and checks it (PRAGMA quick_check). It is not synced.
  ///
  /// A reader copies, so that the writer goes on; the log cannot be emptied meanwhile, and grows by what is written.
  /// Hears the task's cancellation. On an error, files may be left at the path and beside it. Throws `StoreError` or
  /// `CancellationError`.
  package func copy(to path: String) async throws {
    let copiedAt = time.now().milliseconds
    let isCancelled = Atomic(false)
    do {
      let copy = try await withTaskCancellationHandler {
        try await connections.read { db in
          // The read transaction has its snapshot from the first statement on.
          _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM store")
          let copy = try DatabaseQueue(path: path, configuration: Self.copying)
          try copy.writeWithoutTransaction { destination in
            try db.backup(to: destination, pagesPerStep: Self.pagesPerStep) { _ in
              if isCancelled.load(ordering: .relaxed) { throw CancellationError() }
            }
          }
          return copy
        }
      } onCancel: {
        isCancelled.store(true, ordering: .relaxed)
      }
      try await copy.writeWithoutTransaction { try Self.settle($0, copiedAt: copiedAt) }
      try copy.close()
    } catch {
      try Task.checkCancellation()
      throw StoreError(error)
    }
  }

  /// Notes who got a copy.
  package func noteBackup(by person: Person, sizeInBytes: Int) async throws(StoreError) {
    try await change { try $0.note("backup", by: person, detail: "\(sizeInBytes)") }
  }

  private static var copying: Configuration {
    var configuration = Configuration()
    configuration.label = "invoiced.copy"
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA cache_size = -\(Connections.pageCacheInKibibytes)")
      // A copy that a power cut damages is one that nobody has: whoever gets it syncs his own file.
      try db.execute(sql: "PRAGMA synchronous = OFF")
    }
    return configuration
  }

  /// The copied pages say that there is a log beside them (WAL), which is not so for a file that is passed on.
  private static func settle(_ db: Database, copiedAt: Int64) throws {
    let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = DELETE")
    guard mode == "delete" else { throw StoreError.failed("the copy keeps its journal mode: \(mode ?? "none")") }
    try db.execute(sql: "UPDATE store SET copied_at = ?", arguments: [copiedAt])
    let problems = try String.fetchAll(db, sql: "PRAGMA quick_check(1)")
    guard problems == ["ok"] else {
      throw StoreError.failed(
        "the copy is damaged, as the store is (\(problems.joined(separator: " "))); see invoiced --check-store")
    }
  }
}
