/// The tokens of JSON text (RFC 8259), for readers that differ in what they make of them.
///
/// Each token is taken together with the blanks behind it. Time grows with the length of the text alone. Bytes that are no
/// UTF-8 become U+FFFD: whoever minds looks before.
package struct JSONLexer {
  /// What comes next is no such token.
  package struct Fault: Error {
    /// Of the byte from which on the text cannot be read: a word and an escape begin there.
    package var position: Int

    package init(position: Int) { self.position = position }
  }

  private let bytes: [UInt8]
  package private(set) var position = 0

  /// Begins behind the blanks at the start.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    skipBlanks()
  }

  package var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  package var isAtEnd: Bool { position == bytes.count }

  package var fault: Fault { Fault(position: position) }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  /// Takes this character, if it comes next.
  package mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    skipBlanks()
    return true
  }

  package mutating func expect(_ character: Unicode.Scalar) throws(Fault) {
    guard take(character) else { throw fault }
  }

  /// Passes over an array or object, checked no further than its brackets and strings.
  package mutating func skipNested() throws(Fault) {
    var open: [UInt8] = []
    repeat {
      switch next {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(bytes[position] + 2)  // In ASCII the closing bracket is two places behind.
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard open.popLast() == next else { throw fault }
        position += 1
      case nil: throw fault
      default: position += 1
      }
    } while !open.isEmpty
    skipBlanks()
  }

  /// A number as it is written, `true`, `false` or `null`.
  package mutating func word() throws(Fault) -> String {
    let word = bytes[position...].prefix(while: Self.isWordByte)
    let text = String(decoding: word, as: UTF8.self)
    guard text == "true" || text == "false" || text == "null" || Self.isNumber(word) else { throw fault }
    position = word.endIndex
    skipBlanks()
    return text
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// RFC 8259, section 6.
  private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    var rest = text
    func takeDigits() -> Int {
      let digits = rest.prefix(while: isDigit)
      rest = rest.dropFirst(digits.count)
      return digits.count
    }
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    let hasLeadingZero = rest.first == UInt8(ascii: "0")
    let whole = takeDigits()
    guard whole > 0, !hasLeadingZero || whole == 1 else { return false }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      guard takeDigits() > 0 else { return false }
    }
    if let byte = rest.first, byte | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
      guard takeDigits() > 0 else { return false }
    }
    return rest.isEmpty
  }

  /// A string, with its escapes undone.
  package mutating func string() throws(Fault) -> String {
    guard next == UInt8(ascii: "\"") else { throw fault }
    position += 1
    var text = ""
    // What stands between two escapes is taken at once.
    var start = position
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        text += String(decoding: bytes[start..<position], as: UTF8.self)
        position += 1
        skipBlanks()
        return text
      case UInt8(ascii: "\\"):
        text += String(decoding: bytes[start..<position], as: UTF8.self)
        text.unicodeScalars.append(try escaped())
        start = position
      case ..<0x20:
        throw fault
      default:
        position += 1
      }
    }
    throw fault
  }

  /// Leaves the position where it is when it throws.
  private mutating func escaped() throws(Fault) -> Unicode.Scalar {
    guard position + 1 < bytes.count else { throw fault }
    let scalar: Unicode.Scalar
    switch bytes[position + 1] {
    case let letter where letter == UInt8(ascii: "\"") || letter == UInt8(ascii: "\\") || letter == UInt8(ascii: "/"):
      scalar = Unicode.Scalar(letter)
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "u"): return try escapedByNumber()
    default: throw fault
    }
    position += 2
    return scalar
  }

  /// `\u` and four digits, or two of these for a character above U+FFFF.
  private mutating func escapedByNumber() throws(Fault) -> Unicode.Scalar {
    guard let first = codeUnit(at: position) else { throw fault }
    if let scalar = Unicode.Scalar(first) {
      position += 6
      return scalar
    }
    guard UTF16.isLeadSurrogate(first), let second = codeUnit(at: position + 6), UTF16.isTrailSurrogate(second) else {
      throw fault
    }
    position += 12
    return UTF16.decode(UTF16.EncodedScalar([first, second]))
  }

  /// Nil where there is no `\u` with four hexadecimal digits.
  private func codeUnit(at start: Int) -> UInt16? {
    let text = bytes[start...].prefix(6)
    guard text.count == 6, text.starts(with: #"\u"#.utf8) else { return nil }
    var value: UInt16 = 0
    for byte in text.dropFirst(2) {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt16(digit)
    }
    return value
  }
}
