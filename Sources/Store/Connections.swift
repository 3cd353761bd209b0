import Dispatch
import GRDB
import Synchronization

/// The connections to the database file; after an I/O error all are given up and made anew.
///
/// Why: when a sync fails in the middle of a commit, SQLite takes the commit back in memory, but its frames may stand in
/// the log, and whoever opens the database next finds it committed. Only reading the log anew shows which it is, and that
/// takes closing every connection first: they share the log's index.
///
/// So reopening has to wait for reads under way, however long one of them takes. Nothing else waits for it longer than
/// `patience`: no lock is held meanwhile, and no thread of a caller blocks.
final class Connections: Sendable {
  private struct State {
    var pool: DatabasePool
    /// Under way.
    var reads = 0
    /// When reopening began; nil: the connections are in use.
    var reopening: ContinuousClock.Instant?
  }

  /// Of each connection. SQLite's default is 2 MiB: five connections would fill 10 MiB as the database grows, for pages
  /// that the kernel has in its own cache. Memory is not to grow with the number of invoices.
  static let pageCacheInKibibytes = 256
  /// From the beginning of a reopening on, for those who want to read: it usually takes milliseconds, and whoever asks for
  /// the daemon's state is to hear that the store is in trouble.
  private static let patience = Duration.seconds(1)
  /// Between two looks of those who wait for that.
  private static let look = Duration.milliseconds(10)

  let path: String
  private let state: Mutex<State>
  /// Signalled when the last read has ended that reopening waits for.
  private let idle = DispatchSemaphore(value: 0)

  init(path: String) throws {
    self.path = path
    state = Mutex(State(pool: try Self.open(path)))
  }

  /// For the writer, who makes them anew, and for the end. Whoever reads goes through `read`: GRDB hands a closed connection
  /// to a read that has waited for `close` (seen with 7.10), and SQLite does not survive that.
  var pool: DatabasePool { state.withLock { $0.pool } }

  /// One read. While the connections are made anew it waits, at most for `patience`, and then throws `StoreError.failed`.
  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
    let pool = try await beginReading()
    defer { endReading() }
    return try await pool.read(body)
  }

  private func beginReading() async throws -> DatabasePool {
    while true {
      let (pool, begin) = state.withLock { state in
        if state.reopening == nil { state.reads += 1 }
        return (state.pool, state.reopening)
      }
      guard let begin else { return pool }
      guard ContinuousClock.now - begin < Self.patience else {
        throw StoreError.failed("the database is being opened anew after an I/O error, and a read has not ended yet")
      }
      try await Task.sleep(for: Self.look)
    }
  }

  private func endReading() {
    let isLast = state.withLock { state in
      state.reads -= 1
      return state.reads == 0 && state.reopening != nil
    }
    if isLast { idle.signal() }
  }

  /// Opens the file anew, as after a crash: what its log holds is committed. All of it is then written back and synced,
  /// because a page whose sync has failed is not written by the next sync (fsync(2), "EIO").
  ///
  /// For the writer's thread, which is blocked until reads under way have ended. When it throws, the database stays closed
  /// and every use of it fails.
  func reopen() throws {
    let (old, reads) = state.withLock { state in
      state.reopening = .now
      return (state.pool, state.reads)
    }
    defer { state.withLock { $0.reopening = nil } }
    if reads > 0 { idle.wait() }
    try? old.close()
    let new = try Self.open(path)
    state.withLock { $0.pool = new }
    _ = try new.writeWithoutTransaction { try $0.checkpoint(.truncate) }
  }

  private static func open(_ path: String) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.label = "invoiced.store"
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA cache_size = -\(pageCacheInKibibytes)")
      db.add(function: ListedJSON.fileName)
    }
    let pool = try DatabasePool(path: path, configuration: configuration)
    // DatabasePool sets NORMAL when it turns WAL on; a commit must survive a power cut.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    return pool
  }
}
