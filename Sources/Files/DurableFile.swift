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
}
