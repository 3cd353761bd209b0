import Files
import Foundation
import Mail
import Model

/// A mail folder in files (maildir(5)): a mail is written in tmp/, delivered by a rename into new/, and moved to cur/
/// by whoever reads it. All calls block: use them on `IOThread`.
struct Maildir: Sendable {
  enum Place: Sendable, Hashable {
    case tmp, new, cur
  }

  /// As much as the reader makes at a time.
  private static let bufferSizeInBytes = 32 * 1024

  let path: String

  /// Makes what is missing of the three folders.
  func create() throws(SystemCallError) {
    for folder in [path, path + "/tmp", path + "/new", path + "/cur"] { try Folder.create(folder) }
  }

  /// Writes the mail into tmp/ and returns when it is on the disk, name and all.
  ///
  /// `StageError` when an attachment has changed, `SystemCallError` when it cannot be written: no file is left then.
  func write(_ body: MailBody, as name: String) throws {
    let draft = path + "/tmp/" + name
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.bufferSizeInBytes, alignment: 16)
    defer { buffer.deallocate() }
    let file = try NewFile(creating: draft)
    do {
      let reader = body.makeReader()
      while case let count = try reader.read(into: buffer), count > 0 {
        try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
      try file.sync()
      try Folder.sync(path + "/tmp")
    } catch {
      unlink(draft)
      throw error
    }
  }

  /// Delivers: tmp/ → new/ in one atomic step, never over another mail.
  func deliver(_ name: String) throws(SystemCallError) {
    try Folder.move(path + "/tmp/" + name, toNew: path + "/new/" + name)
  }

  /// Makes a delivery durable. Fails with the file in either place after a crash.
  func syncNames() throws(SystemCallError) {
    try Folder.sync(path + "/new")
    try Folder.sync(path + "/tmp")
  }

  /// Takes a mail that was not delivered out of tmp/; fails with ENOENT where it is not there.
  func remove(_ name: String) throws(SystemCallError) {
    let draft = path + "/tmp/" + name
    guard unlink(draft) == 0 else { throw SystemCallError("unlink", draft) }
    try Folder.sync(path + "/tmp")
  }

  /// Names in tmp/ that pass; none where there is no such folder yet.
  func drafts(where passes: (String) -> Bool) throws(SystemCallError) -> [String] {
    var names: [String] = []
    do throws(SystemCallError) {
      _ = try Folder.firstEntry(of: path + "/tmp") { name in
        if passes(name) { names.append(name) }
        return false
      }
    } catch {
      guard error.number == ENOENT else { throw error }
    }
    return names
  }

  /// Where the mail is; nil: in none of the three folders. Looks in the order in which a mail moves, so that one that
  /// moves meanwhile is still met, and twice, because a reader may rename it within cur/.
  func find(_ name: String) throws(SystemCallError) -> Place? {
    for _ in 1...2 {
      if try exists("tmp", name) { return .tmp }
      if try exists("new", name) { return .new }
      // Flags of a mail that was seen follow its name.
      let found = try Folder.firstEntry(of: path + "/cur") { $0 == name || $0.hasPrefix(name + ":2,") }
      if found != nil { return .cur }
    }
    return nil
  }

  private func exists(_ folder: String, _ name: String) throws(SystemCallError) -> Bool {
    var status = stat()
    let file = "\(path)/\(folder)/\(name)"
    if lstat(file, &status) == 0 { return true }
    let error = SystemCallError("stat", file)
    // A missing folder is trouble with the Maildir, not the absence of a mail.
    guard error.number == ENOENT, lstat("\(path)/\(folder)", &status) == 0 else { throw error }
    return false
  }
}
