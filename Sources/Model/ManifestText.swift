/// The text of a manifest in pieces of UTF-8, whatever encoding it was written in, in bounded memory.
///
/// The encoding is the one that is named; else that of a byte order mark; else UTF-8 if the whole text is valid UTF-8;
/// else Windows-1252, which is what Excel writes in western Europe. All calls block.
package struct ManifestText {
  /// Most bytes of a piece: what `AddRows` of the control interface takes.
  package static let maximumPieceSizeInBytes = 48 * 1024
  /// Far beyond any manifest: standard input without an end must not fill the disk that its copy is on.
  package static let maximumSizeInBytes = 1 << 30

  /// No encoding makes more than three bytes of UTF-8 of one of its own; a character that was cut adds three at most.
  private static let readSizeInBytes = maximumPieceSizeInBytes / 3 - 3

  package let encoding: ManifestEncoding

  private let file: ManifestFile
  private var decoder: ManifestDecoder
  private var isAtEnd = false

  /// - Parameters:
  ///   - path: nil reads standard input; what is no regular file is first copied to a temporary file without a name.
  ///   - encoding: nil finds it out.
  package init(path: String?, encoding named: ManifestEncoding? = nil) throws(ManifestTextError) {
    file = if let path { try ManifestFile.open(path) } else { try ManifestFile.standardInput() }
    let mark = ManifestEncoding.mark(of: try file.read(3))
    try file.seek(to: 0)
    encoding =
      if let named {
        if named.isUTF16, let mark, mark.encoding.isUTF16 { mark.encoding } else { named }
      } else if let mark {
        mark.encoding
      } else {
        try Self.isUTF8(file) ? .utf8 : .windows1252
      }
    let skipped = if let mark, mark.encoding == encoding { mark.sizeInBytes } else { 0 }
    decoder = ManifestDecoder(encoding: encoding, offset: skipped)
    try file.seek(to: skipped)
  }

  /// The next piece, at most `maximumPieceSizeInBytes` and never empty, cut between two characters; nil at the end.
  package mutating func next() throws(ManifestTextError) -> String? {
    while !isAtEnd {
      let bytes = try file.read(Self.readSizeInBytes)
      isAtEnd = bytes.isEmpty
      let piece = try decoder.decode(bytes, isLast: isAtEnd)
      if !piece.isEmpty { return piece }
    }
    return nil
  }

  private static func isUTF8(_ file: ManifestFile) throws(ManifestTextError) -> Bool {
    var decoder = ManifestDecoder(encoding: .utf8, offset: 0)
    while true {
      let bytes = try file.read(readSizeInBytes)
      do throws(ManifestTextError) {
        _ = try decoder.decode(bytes, isLast: bytes.isEmpty)
      } catch {
        return false
      }
      if bytes.isEmpty { return true }
    }
  }
}
