import Foundation
import Model

/// A regular file, open for reading and closed with the last reference.
///
/// Reads carry their own offset (pread(2)), so that several threads may use one. All of them block:
/// call them on `IOThread`.
package final class OpenFile: Sendable {
  /// Read at a time while hashing: large enough that the calls cost nothing beside the hashing.
  private static let chunkSizeInBytes = 256 * 1024

  /// As it was asked for.
  package let path: String
  /// Absolute, without links.
  package let resolvedPath: String
  /// When it was opened.
  package let sizeInBytes: Int
  private let descriptor: CInt

  /// Takes over the descriptor.
  init(descriptor: CInt, path: String, resolvedPath: String, sizeInBytes: Int) {
    self.descriptor = descriptor
    self.path = path
    self.resolvedPath = resolvedPath
    self.sizeInBytes = sizeInBytes
  }

  deinit { close(descriptor) }

  /// Fills the buffer from the offset on; fewer bytes only where the file ends.
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileAccessError) -> Int {
    var count = 0
    while count < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
      let got = uninterrupted { pread(descriptor, rest.baseAddress, rest.count, off_t(offset + count)) }
      if got < 0 { throw FileAccessError(SystemCallError("read", path)) }
      if got == 0 { break }
      count += got
    }
    return count
  }

  /// The first bytes: `count` of them, or fewer where the file is shorter.
  package func head(_ count: Int) throws(FileAccessError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
    defer { buffer.deallocate() }
    let got = try read(into: buffer, at: 0)
    return Array(buffer[..<got])
  }

  /// Whether nothing follows the offset.
  package func ends(at offset: Int) throws(FileAccessError) -> Bool {
    var byte: UInt8 = 0
    let got = uninterrupted { pread(descriptor, &byte, 1, off_t(offset)) }
    if got < 0 { throw FileAccessError(SystemCallError("read", path)) }
    return got == 0
  }

  /// The digest of the whole file: 64 lower-case hexadecimal digits.
  ///
  /// Throws `.fileChanged` when the file no longer has the size that it had when it was opened.
  package func sha256() throws(FileAccessError) -> String {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.chunkSizeInBytes, alignment: 16)
    defer { buffer.deallocate() }
    var hasher = SHA256Hasher()
    var offset = 0
    while true {
      let got = try read(into: buffer, at: offset)
      offset += got
      // The bound keeps a file that somebody appends to from being read for ever.
      if got == 0 || offset > sizeInBytes { break }
      hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
    }
    guard offset == sizeInBytes else {
      throw FileAccessError(.fileChanged, path, "changes while it is read")
    }
    return hasher.finish()
  }
}
