import Foundation

extension TemporaryFolder {
  /// Absolute, without links.
  package var resolvedPath: String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Path of a thing in it, there or not.
  package func callAsFunction(_ name: String) -> String { resolvedPath + "/" + name }

  /// Writes a file, with the folders that it needs, and returns its path.
  @discardableResult
  package func write(_ name: String, _ content: some Sequence<UInt8>) throws -> String {
    let folder = (self(name) as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard FileManager.default.createFile(atPath: self(name), contents: Data(content)) else {
      throw CocoaError(.fileWriteUnknown)
    }
    return self(name)
  }

  package func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
  }

  /// Names of what lies in a folder of it, sorted; none when there is no such folder.
  package func names(in name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: self(name))) ?? []).sorted()
  }
}
