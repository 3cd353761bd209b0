/// The text of a manifest in pieces of UTF-8, whatever encoding it was written in, in bounded memory.
///
/// The encoding is the one that is named; else that of a byte order mark; else UTF-8 if the whole text is valid UTF-8;
/// else Windows-1252, which is what Excel writes in western Europe, if it yields likely text (`EncodingEvidence`). What is
/// no text is refused by its name (`ForeignFile`). All calls block.
package struct ManifestText {
  /// Most bytes of a piece: what `AddRows` of the control interface takes.
  package static let maximumPieceSizeInBytes = 48 * 1024
  /// Far beyond any manifest: standard input without an end must not fill the disk that its copy is on.
  package static let maximumSizeInBytes = 1 << 30

  /// No encoding makes more than three bytes of UTF-8 of one of its own; a character that was cut adds three at most.
  private static let readSizeInBytes = maximumPieceSizeInBytes / 3 - 3

  package let encoding: ManifestEncoding

  private let file: ManifestFile
  private let mark: (encoding: ManifestEncoding, sizeInBytes: Int)?
  private var decoder: ManifestDecoder
  private var isAtEnd = false

  /// - Parameters:
  ///   - path: nil reads standard input; a pipe is first copied to a temporary file without a name.
  ///   - encoding: nil finds it out.
  package init(path: String?, encoding named: ManifestEncoding? = nil) throws(ManifestTextError) {
    file = if let path { try ManifestFile.open(path) } else { try ManifestFile.standardInput() }
    let head = try file.read(ForeignFile.headSizeInBytes)
    if let foreign = ForeignFile(head: head) { throw .foreign(path: file.path, foreign) }
    try file.seek(to: 0)
    mark = ManifestEncoding.mark(of: head)
    encoding =
      if let named {
        if named.isUTF16, let mark, mark.encoding.isUTF16 { mark.encoding } else { named }
      } else if let mark {
        mark.encoding
      } else {
        try Self.found(in: file)
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
      let piece: String
      let before = decoder
      do throws(ManifestTextError) {
        piece = try decoder.decode(bytes, isLast: isAtEnd)
      } catch {
        guard case .invalid(let failed, let offset, let line, nil) = error else { throw error }
        isAtEnd = true
        throw .invalid(encoding: failed, offset: offset, line: line, suggestion: try suggestion(insteadOf: failed))
      }
      if let mark = piece.surplusMark { throw .tooManyMarks(line: before.line(behind: String(piece[..<mark]))) }
      if !piece.isEmpty { return piece }
    }
    return nil
  }

  /// The encoding of a text without a mark.
  private static func found(in file: ManifestFile) throws(ManifestTextError) -> ManifestEncoding {
    if try isUTF8(file) { return .utf8 }
    let evidence = try evidence(of: file)
    guard let doubt = evidence.doubt else { return .windows1252 }
    let suggested = evidence.best(except: nil) ?? .windows1252
    let cell = try file.cell(around: doubt.offset)
    throw .unclear(
      line: doubt.line, guess: ManifestReading(encoding: .windows1252, excerpt: cell.text(in: .windows1252)),
      suggestion: ManifestReading(encoding: suggested, excerpt: cell.text(in: suggested)))
  }

  /// Never the encoding that has failed; nil where a mark names it: then the file is damaged.
  private func suggestion(insteadOf failed: ManifestEncoding) throws(ManifestTextError) -> ManifestEncoding? {
    if let mark { return mark.encoding == failed ? nil : mark.encoding }
    if failed != .utf8, try Self.isUTF8(file) { return .utf8 }
    return try Self.evidence(of: file).best(except: failed)
  }

  private static func evidence(of file: ManifestFile) throws(ManifestTextError) -> EncodingEvidence {
    var evidence = EncodingEvidence()
    try file.seek(to: 0)
    while true {
      let bytes = try file.read(readSizeInBytes)
      if bytes.isEmpty { break }
      evidence.add(bytes)
    }
    evidence.finish()
    return evidence
  }

  private static func isUTF8(_ file: ManifestFile) throws(ManifestTextError) -> Bool {
    try file.seek(to: 0)
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

extension ManifestFile {
  /// Bytes that are shown on each side of one in question.
  private static let reach = 24

  /// The bytes around this one, up to the ends of its cell.
  fileprivate func cell(around offset: Int) throws(ManifestTextError) -> [UInt8] {
    let start = max(0, offset - Self.reach)
    try seek(to: start)
    let bytes = try read(offset - start + Self.reach)
    let ends = Set(";,\t\"<\r\n".utf8)
    let before = bytes[..<(offset - start)].lastIndex { ends.contains($0) }.map { $0 + 1 } ?? 0
    let after = bytes[(offset - start)...].firstIndex { ends.contains($0) } ?? bytes.count
    return Array(bytes[before..<after])
  }
}

extension [UInt8] {
  /// In an encoding with one byte for each character, without blanks at its ends.
  fileprivate func text(in encoding: ManifestEncoding) -> String {
    var text = ""
    for byte in self {
      let scalar = byte < 0x80 ? Unicode.Scalar(byte) : encoding.scalar(of: byte)
      text.unicodeScalars.append(scalar ?? "\u{FFFD}")
    }
    return String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
