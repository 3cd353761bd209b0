import Files
import Foundation

/// The file of a backup while it is being received: it has its name only once all of it is on the disk. Without `finish`
/// it is removed with this value.
final class BackupFile {
  /// As the person named it.
  private let name: String
  private let path: String
  private let draft: String
  private let replaces: Bool
  private let file: NewFile
  private let wording: Wording

  private var folder: String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? "." : folder
  }

  /// Makes a file beside it, for its owner alone. Throws `Failure`: `FileExists`, unless it `replaces`, or `FileFailed`.
  init(_ name: String, replaces: Bool, _ wording: Wording) throws {
    var status = stat()
    var path = name
    if stat(name, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw Failure(.usage, "FileFailed", wording.backupNoFile(name))
      }
      guard replaces else { throw Failure(.usage, "FileExists", wording.backupExists(name)) }
      // A link stays, and leads to the new file.
      if let resolved = realpath(name, nil) {
        path = String(cString: resolved)
        free(resolved)
      }
    }
    (self.name, self.path, self.replaces, self.wording) = (name, path, replaces, wording)
    draft = "\(path).\(UUID().uuidString.prefix(8)).new"
    do throws(SystemCallError) {
      file = try NewFile(creating: draft)
    } catch {
      throw Failure(.usage, "FileFailed", wording.backupUnwritable(name, error.reason))
    }
  }

  deinit { unlink(draft) }

  /// Throws `Failure` where so many bytes have no room.
  func expect(sizeInBytes: Int) throws {
    // Where the file system tells nothing, the writes will.
    guard let free = try? Folder.freeSizeInBytes(folder), free < sizeInBytes else { return }
    throw Failure(.usage, "NoRoom", wording.backupNoRoom(folder, needed: sizeInBytes, free: free))
  }

  func write(_ data: Data) throws {
    try failing { () throws(SystemCallError) in try file.write([UInt8](data)) }
  }

  /// Returns when content and name are on the disk.
  func finish() throws {
    try failing { () throws(SystemCallError) in
      try file.sync()
      if replaces {
        guard rename(draft, path) == 0 else { throw SystemCallError("rename", path) }
      } else {
        try Folder.move(draft, toNew: path)
      }
      try Folder.sync(folder)
    }
  }

  private func failing(_ work: () throws(SystemCallError) -> Void) throws {
    do throws(SystemCallError) {
      try work()
    } catch  where error.number == EEXIST {
      throw Failure(.usage, "FileExists", wording.backupExists(name))
    } catch {
      throw Failure(.usage, "FileFailed", wording.backupUnwritable(name, error.reason))
    }
  }
}
