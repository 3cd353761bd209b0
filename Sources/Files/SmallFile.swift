import Foundation

/// The content of a file that is small by its nature: a configuration, a credential, a template.
///
/// Only a regular file is read, so that neither a named pipe without a writer nor a device can keep the caller waiting,
/// and never more than the caller's bound.
package struct SmallFile: Sendable {
  package let bytes: [UInt8]
  /// Type and permissions (inode(7)), of the very file that was read.
  package let mode: mode_t

  /// Blocks at most as long as the disk does.
  ///
  /// - Parameter maximumSizeInBytes: a longer file is an error.
  package init(reading path: String, maximumSizeInBytes: Int) throws(SmallFileError) {
    // Without O_NONBLOCK opening a named pipe waits for its writer (fifo(7)).
    let descriptor = uninterrupted { Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
    guard descriptor >= 0 else { throw SmallFileError(SystemCallError("open", path)) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SmallFileError(SystemCallError("fstat", path)) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw SmallFileError(path: path, cause: .notRegular) }
    mode = status.st_mode
    // Not by the size that the file system tells: that of a file in /proc is 0.
    var buffer = [UInt8](repeating: 0, count: maximumSizeInBytes + 1)
    var count = 0
    while count < buffer.count {
      let got = buffer.withUnsafeMutableBytes { bytes in
        let rest = UnsafeMutableRawBufferPointer(rebasing: bytes[count...])
        return uninterrupted { Glibc.read(descriptor, rest.baseAddress, rest.count) }
      }
      guard got >= 0 else { throw SmallFileError(SystemCallError("read", path)) }
      if got == 0 { break }
      count += got
    }
    guard count <= maximumSizeInBytes else { throw SmallFileError(path: path, cause: .tooLarge(maximumSizeInBytes)) }
    bytes = Array(buffer[..<count])
  }
}

/// Why a small file cannot be read.
package struct SmallFileError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Cause: Sendable, Hashable {
    /// The number of errno(3).
    case system(CInt)
    /// A folder, a named pipe, a socket or a device.
    case notRegular
    /// More than this many bytes.
    case tooLarge(Int)
  }

  package let path: String
  package let cause: Cause

  init(path: String, cause: Cause) {
    self.path = path
    self.cause = cause
  }

  init(_ error: SystemCallError) { self.init(path: error.path, cause: .system(error.number)) }

  package var isMissing: Bool { cause == .system(ENOENT) || cause == .system(ENOTDIR) }

  /// The cause in English, as it follows the path.
  package var reason: String {
    switch cause {
    case .system(let number): "cannot be read: \(String(cString: strerror(number)))"
    case .notRegular: "cannot be read: it is not a regular file"
    case .tooLarge(let maximum): "is larger than \(maximum) bytes"
    }
  }

  package var description: String { "\(path): \(reason)" }
}
