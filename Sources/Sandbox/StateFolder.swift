import Foundation

/// Where everything lies that the sandbox keeps; docs/sandbox.md lists it.
struct StateFolder: Sendable {
  let root: URL

  var log: URL { root.appending(path: "log.jsonl") }
  var drafts: URL { root.appending(path: "drafts") }
  var sent: URL { root.appending(path: "sent") }
  /// Uploads on their way in; emptied at each start.
  var incoming: URL { root.appending(path: "incoming") }

  /// Makes the folders that are missing, for this user alone.
  init(_ path: String) throws {
    root = URL(filePath: path, directoryHint: .isDirectory)
    let files = FileManager.default
    try? files.removeItem(at: root.appending(path: "incoming"))
    for folder in [
      root, root.appending(path: "drafts"), root.appending(path: "sent"), root.appending(path: "incoming"),
    ] {
      try files.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }
  }

  func file(_ name: String) -> URL { root.appending(path: name) }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name).path) }

  /// Writes the address into `url`, whole or not at all: whoever waits for the file may read it at once.
  func announce(_ url: String) throws {
    try Data((url + "\n").utf8).write(to: file("url"), options: .atomic)
  }
}
