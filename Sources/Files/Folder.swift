import CLinux
import Foundation

/// What a durable change of names needs of a folder. All calls block: use them on `IOThread`.
package enum Folder {
  /// Returns when the names in it are on the disk (fsync(2) of the folder).
  package static func sync(_ path: String) throws(SystemCallError) {
    let descriptor = uninterrupted { Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw SystemCallError("open", path) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw SystemCallError("fsync", path) }
  }

  /// Makes the folder durably unless something of that name is there; its parent must be.
  package static func create(_ path: String, mode: mode_t = 0o700) throws(SystemCallError) {
    guard mkdir(path, mode) == 0 else {
      if errno == EEXIST { return }
      throw SystemCallError("mkdir", path)
    }
    try sync((path as NSString).deletingLastPathComponent)
  }

  /// Renames a file in one atomic step within a file system, and fails with EEXIST rather than replace another
  /// (renameat2(2), RENAME_NOREPLACE). Durable once both folders are synced.
  package static func move(_ from: String, toNew to: String) throws(SystemCallError) {
    if clinux_rename_new(from, to) == 0 { return }
    // Some network file systems know only the plain rename.
    guard errno == EINVAL || errno == ENOSYS else { throw SystemCallError("rename", to) }
    guard access(to, F_OK) != 0 else { throw SystemCallError("rename", to, EEXIST) }
    guard rename(from, to) == 0 else { throw SystemCallError("rename", to) }
  }

  /// What its file system has free for this user (statvfs(3)).
  package static func freeSizeInBytes(_ path: String) throws(SystemCallError) -> Int {
    var status = statvfs()
    guard statvfs(path, &status) == 0 else { throw SystemCallError("statvfs", path) }
    let (size, overflows) = UInt(status.f_bavail).multipliedReportingOverflow(by: UInt(status.f_frsize))
    return overflows ? .max : Int(clamping: size)
  }

  /// The first entry whose name passes, in no order; reads one name at a time, however many there are.
  package static func firstEntry(
    of path: String, where passes: (String) -> Bool
  ) throws(SystemCallError) -> String? {
    guard let stream = opendir(path) else { throw SystemCallError("opendir", path) }
    defer { closedir(stream) }
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        if errno != 0 { throw SystemCallError("readdir", path) }
        return nil
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if passes(name) { return name }
    }
  }
}
