import Foundation

/// A file that can be read twice: a regular one as it is, a pipe or a terminal as a temporary copy without a name. Its
/// calls block.
final class ManifestFile {
  let path: String
  private let descriptor: CInt
  private let closes: Bool

  private init(path: String, descriptor: CInt, closes: Bool = true) {
    self.path = path
    self.descriptor = descriptor
    self.closes = closes
  }

  deinit {
    if closes { close(descriptor) }
  }

  static func open(_ path: String) throws(ManifestTextError) -> ManifestFile {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    guard descriptor >= 0 else { throw failure(path) }
    return try ManifestFile(path: path, descriptor: descriptor).rereadable()
  }

  static func standardInput() throws(ManifestTextError) -> ManifestFile {
    try ManifestFile(path: "/dev/stdin", descriptor: STDIN_FILENO, closes: false).rereadable()
  }

  /// The next bytes: `count` of them, fewer only at the end.
  func read(_ count: Int) throws(ManifestTextError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var got = 0
    while got < count {
      let result = bytes.withUnsafeMutableBytes { buffer in
        Glibc.read(descriptor, buffer.baseAddress.map { $0 + got }, count - got)
      }
      if result < 0, errno == EINTR { continue }
      if result < 0 { throw Self.failure(path) }
      if result == 0 { break }
      got += result
    }
    return Array(bytes[..<got])
  }

  func seek(to offset: Int) throws(ManifestTextError) {
    guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else { throw Self.failure(path) }
  }

  /// A pipe or a terminal can be read once only, and finding out the encoding takes a second time.
  private func rereadable() throws(ManifestTextError) -> ManifestFile {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw Self.failure(path) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return self
    case S_IFIFO: return try copy()
    // Standard input may be a socket; no path leads to one.
    case S_IFSOCK where !closes: return try copy()
    case S_IFCHR where isatty(descriptor) == 1: return try copy()
    case S_IFDIR: throw .system(path: path, reason: String(cString: strerror(EISDIR)))
    default: throw .notAFile(path: path)
    }
  }

  private func copy() throws(ManifestTextError) -> ManifestFile {
    let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    var template = Array("\(folder)/manifest.XXXXXX".utf8CString)
    let made = mkstemp(&template)
    guard made >= 0 else { throw Self.failure(folder) }
    unlink(template)
    let copy = ManifestFile(path: folder, descriptor: made)
    var sizeInBytes = 0
    while true {
      let bytes = try read(ManifestText.maximumPieceSizeInBytes)
      if bytes.isEmpty { break }
      sizeInBytes += bytes.count
      guard sizeInBytes <= ManifestText.maximumSizeInBytes else { throw .tooLarge }
      try copy.write(bytes)
    }
    try copy.seek(to: 0)
    return copy
  }

  private func write(_ bytes: [UInt8]) throws(ManifestTextError) {
    var put = 0
    while put < bytes.count {
      let result = bytes.withUnsafeBytes { buffer in
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + put }, bytes.count - put)
      }
      if result < 0, errno == EINTR { continue }
      if result < 0 { throw Self.failure(path) }
      put += result
    }
  }

  private static func failure(_ path: String) -> ManifestTextError {
    .system(path: path, reason: String(cString: strerror(errno)))
  }
}
