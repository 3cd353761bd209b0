import CLinux
import Foundation

/// Which file lies at a path, whatever is in it: a file that is written over stays the same one, a copy is another.
package struct FileIdentity: Sendable, Hashable {
  /// Its number (inode(7)). No other file of its file system has it while it exists; a removed file's number is used again,
  /// and often by the next file.
  package var inode: UInt64
  /// When it was made (statx(2), STATX_BTIME), in nanoseconds since 1970. No program can set it, so that a copy that got
  /// the number of the removed file still has a birth of its own. Nil: the file system does not keep it.
  package var birth: Int64?

  package init(inode: UInt64, birth: Int64?) {
    self.inode = inode
    self.birth = birth
  }

  /// Of the file as it is now. Nil: there is none that can be seen.
  package init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    inode = UInt64(status.st_ino)
    var nanoseconds: Int64 = 0
    birth = clinux_birth_time(path, &nanoseconds) == 0 ? nanoseconds : nil
  }

  /// Whether both can be of one file. A birth that one of them does not know is not compared.
  package func mayBe(_ other: FileIdentity) -> Bool {
    guard inode == other.inode else { return false }
    guard let birth, let otherBirth = other.birth else { return true }
    return birth == otherBirth
  }
}
