import Foundation
import Synchronization
import TestSupport

/// The disk under a daemon: watched from its start on, made to fail, and left as a loss of power leaves it.
final class TracedDisk: Sendable {
  /// Bytes of `struct control` in disk.c.
  enum Fault: Int {
    /// Writes into the database find no room.
    case full
    /// Syncs of the database's log fail, although they are carried out.
    case io
    /// Nothing can be changed.
    case readOnly
    /// Killed when the n-th sync of the log from now on has ended, and nobody who waits knows.
    case killAfterSync
    /// Killed in the middle of the n-th write into the log from now on.
    case killInWrite
  }

  private static let library = Mutex<Result<String, any Error>?>(nil)

  private let folder: TemporaryFolder
  private let roots: [String]
  private let before = Mutex<[String: [UInt8]]>([:])

  private var traceFile: URL { URL(filePath: folder.path + "/trace") }
  private var controlFile: URL { URL(filePath: folder.path + "/control") }

  /// - Parameter roots: folders whose files are watched.
  init(_ roots: [String]) throws {
    folder = try TemporaryFolder()
    self.roots = roots
    try Data(repeating: 0, count: 8).write(to: controlFile)
  }

  /// What the daemon's environment has to have.
  func environment() throws -> [String: String] {
    [
      "LD_PRELOAD": try Self.compiled(), "DISK_TRACE": traceFile.path, "DISK_CONTROL": controlFile.path,
      "DISK_ROOTS": roots.joined(separator: ":"),
    ]
  }

  /// Before each start: what is there now is durable, and a new trace begins.
  func begin() throws {
    try? FileManager.default.removeItem(at: traceFile)
    let files = try files()
    before.withLock { $0 = files }
  }

  func trace() throws -> DiskTrace { try DiskTrace(traceFile) }

  /// How often it happens; 255: until it is set to 0. In force at once.
  func set(_ fault: Fault, _ count: UInt8) throws {
    // Written in place: the daemon has mapped it.
    let file = try FileHandle(forWritingTo: controlFile)
    try file.seek(toOffset: UInt64(fault.rawValue))
    try file.write(contentsOf: [count])
    try file.close()
  }

  /// After the daemon was killed: leaves the files as a loss of power at that moment would.
  func losePower(_ random: inout SeededGenerator) throws {
    let left = CrashedDisk(before.withLock { $0 }, try trace()).files(&random)
    for path in try files().keys where left[path] == nil { try FileManager.default.removeItem(atPath: path) }
    for (path, bytes) in left {
      // In place: another file would be a copy to the daemon.
      if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
      let file = try FileHandle(forWritingTo: URL(filePath: path))
      try file.truncate(atOffset: 0)
      try file.write(contentsOf: bytes)
      try file.close()
    }
    for root in roots { try? FileManager.default.removeItem(atPath: root + "/store.db-shm") }
  }

  /// Content of every file below the roots that a crash may keep.
  private func files() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for root in roots {
      for case let name as String in FileManager.default.enumerator(atPath: root) ?? .init() {
        let path = "\(root)/\(name)"
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue,
          !name.hasSuffix("-shm"), name != "lock", name != "reserve"
        else { continue }
        files[path] = [UInt8](try Data(contentsOf: URL(filePath: path)))
      }
    }
    return files
  }

  /// Compiled once for all tests of the process.
  private static func compiled() throws -> String {
    try library.withLock { library in
      if let library { return try library.get() }
      let result = Result<String, any Error> {
        let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "disk.c").path
        let output = NSTemporaryDirectory() + "/invoiced-disk-\(getpid()).so"
        let compiler = try RunningProgram("cc", ["-shared", "-fPIC", "-O1", "-o", output, source])
        guard try compiler.endBlocking() == 0 else { throw NotInTime("cc: \(compiler.errors)") }
        return output
      }
      library = result
      return try result.get()
    }
  }
}
