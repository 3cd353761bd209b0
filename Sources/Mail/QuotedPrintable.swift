/// Quoted-printable (RFC 2045, section 6.7) of text whose lines end in CRLF.
enum QuotedPrintable {
  private static let maximumLineLength = 76
  private static let digits = Array("0123456789ABCDEF".utf8)

  /// Also escapes what some relay might change: a dot or `From ` at the beginning of a line (RFC 2049, section 3).
  static func encode(_ text: [UInt8]) -> [UInt8] {
    var output: [UInt8] = []
    output.reserveCapacity(text.count + text.count / 8)
    var isFirstLine = true
    for line in text.split(separator: 10, omittingEmptySubsequences: false) {
      if !isFirstLine { output += [13, 10] }
      isFirstLine = false
      append(line.last == 13 ? line.dropLast() : line, to: &output)
    }
    return output
  }

  private static func append(_ line: ArraySlice<UInt8>, to output: inout [UInt8]) {
    let isLikeSeparator = line.starts(with: "From ".utf8) || line.first == UInt8(ascii: ".")
    var length = 0
    for index in line.indices {
      let byte = line[index]
      let isLast = index == line.endIndex - 1
      let isBlank = byte == UInt8(ascii: " ") || byte == 9
      let isPlain = (byte.isPrintable && byte != UInt8(ascii: "=")) || (isBlank && !isLast)
      let isEscaped = !isPlain || (isLikeSeparator && index == line.startIndex)
      let width = isEscaped ? 3 : 1
      // The last place of a line is the soft line break's, unless the line ends here.
      if length + width > (isLast ? maximumLineLength : maximumLineLength - 1) {
        output += [UInt8(ascii: "="), 13, 10]
        length = 0
      }
      output += isEscaped ? escape(byte) : [byte]
      length += width
    }
  }

  static func escape(_ byte: UInt8) -> [UInt8] {
    [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
  }
}
