/// Turns bytes in one encoding into text, piece by piece.
struct ManifestDecoder {
  let encoding: ManifestEncoding

  /// Position in the file of the first byte of `pending`, or of the next one.
  private var offset: Int
  /// The beginning of a character whose end is still to come: at most three bytes.
  private var pending: [UInt8] = []
  private var line = 1
  private var endsInCarriageReturn = false

  /// - Parameter offset: position in the file of the first byte that will be decoded.
  init(encoding: ManifestEncoding, offset: Int) {
    self.encoding = encoding
    self.offset = offset
  }

  /// The characters that these bytes complete. With `isLast` a character that is cut off is an error.
  mutating func decode(_ bytes: [UInt8], isLast: Bool) throws(ManifestTextError) -> String {
    let all = pending + bytes
    let text: String
    let used: Int
    switch encoding {
    case .utf8: (text, used) = try utf8(all, isLast: isLast)
    case .utf16LittleEndian, .utf16BigEndian: (text, used) = try utf16(all, isLast: isLast)
    case .windows1252, .iso88591, .macintosh, .cp850: (text, used) = (try singleBytes(all), all.count)
    }
    countLines(of: text)
    offset += used
    pending = Array(all[used...])
    return text
  }

  private func utf8(_ bytes: [UInt8], isLast: Bool) throws(ManifestTextError) -> (String, used: Int) {
    let used = isLast ? bytes.count : Self.completePrefix(of: bytes)
    if let text = String(validating: bytes[..<used], as: UTF8.self) { return (text, used) }
    var iterator = bytes[..<used].makeIterator()
    var codec = UTF8()
    var valid = ""
    while case .scalarValue(let scalar) = codec.decode(&iterator) { valid.unicodeScalars.append(scalar) }
    throw invalid(at: valid.utf8.count, after: valid)
  }

  /// How many bytes there are before a character whose last bytes are missing.
  private static func completePrefix(of bytes: [UInt8]) -> Int {
    for count in 1...3 where count <= bytes.count {
      let byte = bytes[bytes.count - count]
      if byte < 0x80 { break }
      if byte < 0xC0 { continue }
      let size = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
      return size > count ? bytes.count - count : bytes.count
    }
    return bytes.count
  }

  private func utf16(_ bytes: [UInt8], isLast: Bool) throws(ManifestTextError) -> (String, used: Int) {
    let (high, low) = encoding == .utf16BigEndian ? (0, 1) : (1, 0)
    let unit = { (i: Int) in UInt16(bytes[i + high]) << 8 | UInt16(bytes[i + low]) }
    var text = ""
    var i = 0
    while i + 1 < bytes.count {
      let first = unit(i)
      if let scalar = Unicode.Scalar(first) {
        text.unicodeScalars.append(scalar)
        i += 2
        continue
      }
      if i + 3 >= bytes.count, !isLast { break }
      guard UTF16.isLeadSurrogate(first), i + 3 < bytes.count, UTF16.isTrailSurrogate(unit(i + 2)) else {
        throw invalid(at: i, after: text)
      }
      text.unicodeScalars.append(UTF16.decode(UTF16.EncodedScalar([first, unit(i + 2)])))
      i += 4
    }
    if isLast, i < bytes.count { throw invalid(at: i, after: text) }
    return (text, i)
  }

  private func singleBytes(_ bytes: [UInt8]) throws(ManifestTextError) -> String {
    var text = ""
    text.reserveCapacity(bytes.count * 2)
    for (i, byte) in bytes.enumerated() {
      guard let scalar = byte < 0x80 ? Unicode.Scalar(byte) : encoding.scalar(of: byte) else {
        throw invalid(at: i, after: text)
      }
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  private func invalid(at position: Int, after text: String) -> ManifestTextError {
    .invalid(encoding: encoding, offset: offset + position, line: line(behind: text))
  }

  /// The line, from 1, on which this text ends when it follows what was decoded.
  func line(behind text: String) -> Int {
    var counted = self
    counted.countLines(of: text)
    return counted.line
  }

  private mutating func countLines(of text: String) {
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\r") || (byte == UInt8(ascii: "\n") && !endsInCarriageReturn) { line += 1 }
      endsInCarriageReturn = byte == UInt8(ascii: "\r")
    }
  }
}
