import Foundation

/// `drafts` and `sent`: mails lie in files, whatever their number and size.
struct DraftFolder: Sendable {
  /// Pieces in which a mail is copied.
  private static let pieceBytes = 1 << 20

  let folder: StateFolder

  /// Those that an earlier process left.
  func load() throws -> [Draft] {
    try FileManager.default.contentsOfDirectory(at: folder.drafts, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
      .map { try JSONDecoder().decode(Draft.self, from: Data(contentsOf: $0)) }
  }

  /// How many mails lie in `sent`.
  func countSent() throws -> Int {
    try FileManager.default.contentsOfDirectory(atPath: folder.sent.path).count { $0.hasSuffix(".eml") }
  }

  /// Takes the body of an upload.
  func add(_ draft: Draft, body: URL) throws {
    try FileManager.default.moveItem(at: body, to: file(draft.id, "body"))
    try save(draft)
  }

  func save(_ draft: Draft) throws {
    try JSONEncoder().encode(draft).write(to: file(draft.id, "json"), options: .atomic)
  }

  func remove(_ id: String) throws {
    try FileManager.default.removeItem(at: file(id, "json"))
    try FileManager.default.removeItem(at: file(id, "body"))
  }

  func body(of id: String) -> URL { file(id, "body") }

  /// A second name for the body of a draft, which outlives the draft. Whoever asks removes it.
  func linkBody(of id: String) throws -> URL {
    let link = folder.incoming.appending(path: Identifier.hex(8))
    try FileManager.default.linkItem(at: file(id, "body"), to: link)
    return link
  }

  /// Writes a mail as the recipients get it. It has its name only when it is whole.
  func writeSent(_ header: HeaderBlock, body: URL, name: String) throws {
    let partial = folder.incoming.appending(path: name)
    try Data(header.text.utf8).write(to: partial)
    let (input, output) = (try FileHandle(forReadingFrom: body), try FileHandle(forWritingTo: partial))
    defer {
      try? input.close()
      try? output.close()
    }
    try output.seekToEnd()
    while let piece = try input.read(upToCount: Self.pieceBytes), !piece.isEmpty {
      try output.write(contentsOf: piece)
    }
    try FileManager.default.moveItem(at: partial, to: folder.sent.appending(path: name))
  }

  private func file(_ id: String, _ kind: String) -> URL { folder.drafts.appending(path: "\(id).\(kind)") }
}
