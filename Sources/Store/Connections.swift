import GRDB
import Synchronization

/// The connections to the database file; after an I/O error all are given up and made anew.
///
/// Why: when a sync fails in the middle of a commit, SQLite takes the commit back in memory, but its frames may stand in
/// the log, and whoever opens the database next finds it committed. Only reading the log anew shows which it is.
final class Connections: Sendable {
  /// Of each connection. SQLite's default is 2 MiB: five connections would fill 10 MiB as the database grows, for pages
  /// that the kernel has in its own cache. Memory is not to grow with the number of invoices.
  static let pageCacheInKibibytes = 256

  let path: String
  private let current: Mutex<DatabasePool>

  init(path: String) throws {
    self.path = path
    current = Mutex(try Self.open(path))
  }

  /// For one read or write; the next one asks again.
  var pool: DatabasePool { current.withLock { $0 } }

  /// Opens the file anew, as after a crash: what its log holds is committed. All of it is then written back and synced,
  /// because a page whose sync has failed is not written by the next sync (fsync(2), "EIO").
  ///
  /// Blocks until reads under way have ended, and whoever asks for the connections meanwhile. When it throws, the database
  /// stays closed and every use of it fails.
  func reopen() throws {
    try current.withLock { current in
      try? current.close()
      current = try Self.open(path)
      _ = try current.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }
  }

  private static func open(_ path: String) throws -> DatabasePool {
    var configuration = Configuration()
    configuration.label = "invoiced.store"
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -\(pageCacheInKibibytes)") }
    let pool = try DatabasePool(path: path, configuration: configuration)
    // DatabasePool sets NORMAL when it turns WAL on; a commit must survive a power cut.
    try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
    return pool
  }
}
