import Foundation

/// A file that is being written and did not exist before. All calls block: use them on `IOThread`.
package struct NewFile: ~Copyable {
  private let path: String
  private let descriptor: CInt

  /// Creates it with exactly this name (O_EXCL); fails with EEXIST where something has it.
  package init(creating path: String, mode: mode_t = 0o600) throws(SystemCallError) {
    let flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW
    descriptor = uninterrupted { Glibc.open(path, flags, mode) }
    self.path = path
    guard descriptor >= 0 else { throw SystemCallError("open", path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  package func write(_ bytes: [UInt8]) throws(SystemCallError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(SystemCallError) in try write(bytes) }
    }
    try result.get()
  }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemCallError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = uninterrupted { Glibc.write(descriptor, rest.baseAddress, rest.count) }
      if count < 0 { throw SystemCallError("write", path) }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  /// Returns when the content is on the disk (fsync(2)); its name is only once its folder is synced, too.
  package func sync() throws(SystemCallError) {
    guard fsync(descriptor) == 0 else { throw SystemCallError("fsync", path) }
  }
}
