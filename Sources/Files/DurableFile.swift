import Foundation

/// Small files that are either wholly the old or wholly the new ones, whenever the power goes.
package enum DurableFile {
  /// Writes beside the file, syncs, renames over it and syncs the folder; blocks: call it on `IOThread`.
  ///
  /// One writer a path. On an error the old file stays, unless only the last sync failed.
  package static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(SystemCallError) {
    let draft = path + ".new"
    unlink(draft)
    do throws(SystemCallError) {
      let file = try NewFile(creating: draft, mode: mode)
      try file.write(bytes)
      try file.sync()
      guard rename(draft, path) == 0 else { throw SystemCallError("rename", path) }
    } catch {
      unlink(draft)
      throw error
    }
    try Folder.sync((path as NSString).deletingLastPathComponent)
  }

  /// Most bytes of `overwrite`: a sector, which disks write as a whole or not at all.
  package static let sectorSizeInBytes = 512

  /// Writes over the beginning of a file that is there, and returns when that is on the disk (fdatasync(2)); blocks.
  ///
  /// Where nothing grows this takes one write of the disk, where `write` takes several, and no room, so that it succeeds on
  /// a full disk. At most `sectorSizeInBytes`. Throws ENOENT where there is no file.
  package static func overwrite(_ bytes: [UInt8], at path: String) throws(SystemCallError) {
    precondition(bytes.count <= sectorSizeInBytes)
    let descriptor = uninterrupted { Glibc.open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW) }
    guard descriptor >= 0 else { throw SystemCallError("open", path) }
    defer { close(descriptor) }
    let count = uninterrupted { pwrite(descriptor, bytes, bytes.count, 0) }
    guard count == bytes.count else { throw SystemCallError("pwrite", path, count < 0 ? errno : EIO) }
    guard fdatasync(descriptor) == 0 else { throw SystemCallError("fdatasync", path) }
  }
}
