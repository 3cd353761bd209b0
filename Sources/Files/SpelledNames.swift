import Foundation

/// Finds files whose names are spelled in one Unicode form in a table and in another on the disk.
///
/// An `é` is one character in normal form C, which most programs write, and two in form D, which macOS and its archives
/// write: they look the same, and the kernel takes them for two names. Folders are listed once, and only where
/// `FileRoots` lets files be opened. A value lives for one batch of lines, because folders change. Its calls block.
package struct SpelledNames {
  /// Several files or folders have this name in different forms, and nobody can tell which one is meant.
  package struct Ambiguity: Error, Hashable {
    /// The folder that they lie in.
    package let folder: String
    package let name: String
  }

  /// Names outside ASCII that are kept of one folder, some 200 bytes each. A larger one is not looked through: there only
  /// the exact name finds a file.
  private static let maximumNames = 100_000
  /// Folders that are remembered; then all are forgotten.
  private static let maximumFolders = 64

  private let roots: FileRoots
  /// Folder, byte by byte → its names outside ASCII. `String` hashes and compares by canonical equivalence, so that one key
  /// has all the forms of a name.
  private var folders: [[UInt8]: [String: [String]]] = [:]

  package init(_ roots: FileRoots) { self.roots = roots }

  /// The path as it is spelled on the disk; the path itself where no file has it in any form.
  ///
  /// Whether the file may be opened is for `FileRoots.open` to say.
  package mutating func path(for path: String) throws(Ambiguity) -> String {
    if path.utf8.allSatisfy({ $0 < 0x80 }) { return path }
    var place = ""
    var isExact = true
    for part in path.utf8.split(separator: UInt8(ascii: "/")) {
      let name = String(Substring(part))
      if !name.utf8.allSatisfy({ $0 < 0x80 }) {
        let found = names(in: place.isEmpty ? "/" : place)[name] ?? []
        guard found.count <= 1 else { throw Ambiguity(folder: place, name: name) }
        let spelled = found.first ?? name
        isExact = isExact && spelled.utf8.elementsEqual(part)
        place += "/" + spelled
      } else {
        place += "/" + name
      }
    }
    return isExact ? path : place
  }

  private mutating func names(in folder: String) -> [String: [String]] {
    let key = Array(folder.utf8)
    if let known = folders[key] { return known }
    let names = Dictionary(grouping: list(folder)) { $0 }
    if folders.count >= Self.maximumFolders { folders.removeAll() }
    folders[key] = names
    return names
  }

  /// Of a folder above the roots, only the names that lead to them: what else lies there is nobody's business.
  private func list(_ folder: String) -> [String] {
    guard let resolved = FileRoots.resolve(folder).first else { return [] }
    guard roots.permits(resolved) else { return roots.names(below: resolved) }
    var names: [String] = []
    _ = try? Folder.firstEntry(of: resolved) { name in
      if !name.utf8.allSatisfy({ $0 < 0x80 }) { names.append(name) }
      return names.count > Self.maximumNames
    }
    return names.count > Self.maximumNames ? [] : names
  }
}
