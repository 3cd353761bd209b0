import Control
import Files
import Foundation
import Model
import Store
import Synchronization

/// Copies of the store that are being handed out: one at a time, made in a folder of their own.
final class Backups: Sendable {
  /// What has to be free beside the copy: the log grows by what jobs write while it is made.
  private static let marginInBytes = 16 * 1024 * 1024

  private let folder: String
  private let store: Store
  private let isTaken = Atomic(false)

  /// Removes what a daemon that died left in the folder.
  init(folder: String, store: Store) {
    self.folder = folder
    self.store = store
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Runs `body` while nobody else makes a copy. Throws `BackupRunning` when somebody does.
  func alone(_ body: () async throws -> Void) async throws {
    guard !isTaken.exchange(true, ordering: .acquiring) else { throw VarlinkError.backupRunning }
    defer { isTaken.store(false, ordering: .releasing) }
    try await body()
  }

  /// A copy, checked and noted in the history. The file has no name any more: it is gone when it is closed, or the
  /// daemon dies.
  ///
  /// Throws `VarlinkError`, `StoreError`, or `CancellationError`.
  func make(for person: Person) async throws -> OpenFile {
    do {
      let folder = folder
      let size = try await store.sizeInBytes()
      let free = try await IOThread.run { () throws(SystemCallError) in
        try Folder.create(folder)
        return try Folder.freeSizeInBytes(folder)
      }
      guard free >= size + Self.marginInBytes else {
        throw VarlinkError.noRoom(needed: size + Self.marginInBytes, free: free)
      }
      let path = "\(folder)/\(UUID().uuidString).db"
      // SQLite's own files beside it (sqlite.org/tempfiles.html).
      defer { for end in ["", "-journal", "-wal", "-shm"] { unlink(path + end) } }
      try await store.copy(to: path)
      let file = try await IOThread.run { () throws(FileAccessError) in
        try FileRoots(roots: [folder], forbidden: []).open(path)
      }
      try await store.noteBackup(by: person, sizeInBytes: file.sizeInBytes)
      return file
    } catch let error as SystemCallError {
      throw VarlinkError.storeUnavailable("\(error)")
    }
  }
}
