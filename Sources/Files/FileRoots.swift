import CLinux
import Foundation
import Model

/// The folders whose files may be mailed, and those whose files never may.
///
/// Whoever may name a path must not be able to mail out the daemon's state or credentials: what counts is where the
/// opened file really lies, not how its path is spelled. And a hard link or a bind mount gives one file two places: so
/// what is forbidden is known by device and inode as well (stat(2)).
package struct FileRoots: Sendable {
  private let roots: [String]
  private let forbidden: [String]
  /// Folders within a forbidden folder whose files are compared; the daemon's own have none.
  private static let deepest = 4

  /// Absolute paths, of folders; `forbidden` of files, too. What is forbidden wins over a root that it lies in. Links in
  /// them are resolved at every `open`, because folders may be made or replaced while the daemon runs; a root that is not
  /// there permits nothing.
  package init(roots: [String], forbidden: [String]) {
    self.roots = roots
    self.forbidden = forbidden
  }

  /// Opens a regular file that lies, all links resolved, under a root and under no forbidden folder.
  ///
  /// Blocks, though never on a FIFO or a device: the descriptor is checked before anything is opened for reading
  /// (open(2), O_PATH). Errors: `.fileMissing`, `.fileUnreadable` with errno's words, `.fileForbidden`. Of a path
  /// outside the roots it does not tell whether there is a file.
  package func open(_ path: String) throws(FileAccessError) -> OpenFile {
    guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else {
      throw FileAccessError(.fileForbidden, path, "not an absolute path")
    }
    let place = uninterrupted { clinux_open_place(path) }
    guard place >= 0 else {
      let error = SystemCallError("open", path)
      guard permits(Self.placeOfMissing(path)) else { throw Self.outside(path) }
      throw FileAccessError(error)
    }
    defer { close(place) }

    let link = "/proc/self/fd/\(place)"
    guard let resolved = Self.target(of: link) else {
      throw FileAccessError(SystemCallError("readlink", path))
    }
    guard permits(resolved) else { throw Self.outside(path) }
    var status = stat()
    guard fstat(place, &status) == 0 else { throw FileAccessError(SystemCallError("fstat", path)) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileAccessError(.fileForbidden, path, "not a regular file")
    }
    guard status.st_nlink > 0 else { throw FileAccessError(SystemCallError("open", path, ENOENT)) }
    guard !forbidden.contains(where: { Self.leads($0, to: status, Self.deepest) }) else {
      throw FileAccessError(.fileForbidden, path, "a forbidden file by another name")
    }

    // The link leads to the very file that was checked, whatever became of its path meanwhile.
    let descriptor = uninterrupted { Glibc.open(link, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
    guard descriptor >= 0 else { throw FileAccessError(SystemCallError("open", path)) }
    return OpenFile(
      descriptor: descriptor, path: path, resolvedPath: resolved, sizeInBytes: Int(status.st_size))
  }

  /// Whether what lies at this path, which has no links, is under a root and under no forbidden folder.
  func permits(_ resolved: String) -> Bool {
    let isUnder = { (place: String) in Self.lies(resolved, under: place) }
    return roots.contains { Self.resolve($0).contains(where: isUnder) }
      && !forbidden.contains { ([$0] + Self.resolve($0)).contains(where: isUnder) }
  }

  /// Or is it: a single file may be forbidden, too. Byte by byte: Swift compares strings by canonical equivalence, the
  /// kernel does not.
  private static func lies(_ path: String, under place: String) -> Bool {
    let place = Array(place.utf8)
    let prefix = place.last == UInt8(ascii: "/") ? place : place + [UInt8(ascii: "/")]
    return path.utf8.starts(with: prefix) || path.utf8.elementsEqual(place)
  }

  /// The names in this folder, which has no links in its path, through which roots are reached.
  func names(below resolved: String) -> [String] {
    let prefix = Array((resolved == "/" ? "/" : resolved + "/").utf8)
    let names = roots.flatMap(Self.resolve).filter { $0.utf8.starts(with: prefix) }.compactMap { root in
      root.utf8.dropFirst(prefix.count).split(separator: UInt8(ascii: "/")).first.map { String(Substring($0)) }
    }
    return Dictionary(grouping: names) { Array($0.utf8) }.values.compactMap(\.first)
  }

  /// Whether a forbidden place is this very file, or a folder with it. What cannot be looked at cannot be compared, and is
  /// no file of this daemon's.
  private static func leads(_ place: String, to file: stat, _ depth: Int) -> Bool {
    var status = stat()
    guard stat(place, &status) == 0 else { return false }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      return status.st_dev == file.st_dev && status.st_ino == file.st_ino
    }
    guard depth > 0 else { return false }
    let entry = try? Folder.firstEntry(of: place) { name in
      name != "." && name != ".." && leads("\(place)/\(name)", to: file, depth - 1)
    }
    return entry != nil
  }

  /// The path without links, alone in an array; empty when there is nothing at this path.
  static func resolve(_ folder: String) -> [String] {
    guard let resolved = realpath(folder, nil) else { return [] }
    defer { free(resolved) }
    return [String(cString: resolved)]
  }

  /// Where a file that cannot be opened would lie: its nearest folder that is there, without links.
  private static func placeOfMissing(_ path: String) -> String {
    var names = path.split(separator: "/")
    var missing = ""
    while let name = names.popLast(), name != ".." {
      missing = "/\(name)" + missing
      if let folder = resolve("/" + names.joined(separator: "/")).first {
        return folder + missing
      }
    }
    return "/"
  }

  /// Nil with errno set; a path that is not UTF-8 cannot have been asked for, and lies under no root.
  private static func target(of link: String) -> String? {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(link, &buffer, buffer.count)
    return count < 0 ? nil : String(decoding: buffer[..<count], as: UTF8.self)
  }

  private static func outside(_ path: String) -> FileAccessError {
    FileAccessError(.fileForbidden, path, "not under a permitted folder")
  }
}
