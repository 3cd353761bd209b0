/// Reads one JSON object of the kind that a manifest has on each line (RFC 8259).
///
/// Strict about syntax. Numbers stay as they are written; no value is nested more than once; memory and time grow with
/// the length of the text alone.
struct JSONObjectReader {
  struct Member {
    var key: String
    var value: Value
  }

  enum Value {
    /// A string, a number as it is written, `true` or `false`.
    case text(String)
    case null
    /// An array of strings.
    case list([String])
    case object([Member])
    /// A value of a kind that no field takes: an array of other things, or an object in an object.
    case other
  }

  /// The text is no JSON object.
  struct Fault: Error {
    /// The key that was read last.
    var key: String?
    /// The text from the wrong place on, shortened.
    var excerpt: String
  }

  private let bytes: [UInt8]
  private var position = 0
  private var key: String?

  static func read(_ bytes: [UInt8]) throws(Fault) -> [Member] {
    var reader = JSONObjectReader(bytes: bytes)
    reader.skipBlanks()
    let members = try reader.object(canNest: true)
    guard reader.position == bytes.count else { throw reader.fault() }
    return members
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func fault() -> Fault {
    Fault(key: key, excerpt: String(decoding: bytes[position...].prefix(40), as: UTF8.self))
  }

  private mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
  }

  /// Takes this character and the blanks behind it, if it comes next.
  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: character) else { return false }
    position += 1
    skipBlanks()
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(Fault) {
    guard take(character) else { throw fault() }
  }

  private mutating func object(canNest: Bool) throws(Fault) -> [Member] {
    var members: [Member] = []
    try expect("{")
    if take("}") { return members }
    repeat {
      let name = try string()
      key = name
      try expect(":")
      members.append(Member(key: name, value: try value(canNest: canNest)))
    } while take(",")
    try expect("}")
    return members
  }

  private mutating func value(canNest: Bool) throws(Fault) -> Value {
    switch next {
    case UInt8(ascii: "\""): return .text(try string())
    case UInt8(ascii: "{") where canNest: return .object(try object(canNest: false))
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "{"):
      try skipNested()
      return .other
    default:
      let word = try word()
      return word == "null" ? .null : .text(word)
    }
  }

  private mutating func array() throws(Fault) -> Value {
    let start = position
    var strings: [String] = []
    try expect("[")
    if take("]") { return .list([]) }
    repeat {
      guard next == UInt8(ascii: "\"") else {
        position = start
        try skipNested()
        return .other
      }
      strings.append(try string())
    } while take(",")
    try expect("]")
    return .list(strings)
  }

  /// Passes over an array or object that nobody wants, checked no further than its brackets and strings.
  private mutating func skipNested() throws(Fault) {
    var open: [UInt8] = []
    repeat {
      switch next {
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(bytes[position] + 2)  // In ASCII the closing bracket is two places behind.
        position += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard open.popLast() == next else { throw fault() }
        position += 1
      case nil: throw fault()
      default: position += 1
      }
    } while !open.isEmpty
    skipBlanks()
  }

  /// A number, `true`, `false` or `null`.
  private mutating func word() throws(Fault) -> String {
    let start = position
    while let byte = next, isWordByte(byte) { position += 1 }
    let word = String(decoding: bytes[start..<position], as: UTF8.self)
    guard word == "true" || word == "false" || word == "null" || isNumber(bytes[start..<position]) else {
      position = start
      throw fault()
    }
    skipBlanks()
    return word
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: ".")
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// RFC 8259, section 6.
  private func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
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

  private mutating func string() throws(Fault) -> String {
    guard next == UInt8(ascii: "\"") else { throw fault() }
    var text: [UInt8] = []
    position += 1
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        skipBlanks()
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text.append(contentsOf: String(try escaped()).utf8)
      case ..<0x20:
        throw fault()
      default:
        text.append(byte)
        position += 1
      }
    }
    throw fault()
  }

  private mutating func escaped() throws(Fault) -> Unicode.Scalar {
    let start = position
    position += 2
    guard start + 1 < bytes.count else { throw fault(at: start) }
    switch bytes[start + 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      guard let first = hexadecimal() else { throw fault(at: start) }
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard UTF16.isLeadSurrogate(first), next == UInt8(ascii: "\\"), position + 1 < bytes.count,
        bytes[position + 1] == UInt8(ascii: "u")
      else { throw fault(at: start) }
      position += 2
      guard let second = hexadecimal(), UTF16.isTrailSurrogate(second) else { throw fault(at: start) }
      return UTF16.decode(UTF16.EncodedScalar([first, second]))
    default: throw fault(at: start)
    }
  }

  private mutating func fault(at start: Int) -> Fault {
    position = start
    return fault()
  }

  private mutating func hexadecimal() -> UInt16? {
    guard position + 4 <= bytes.count else { return nil }
    var value: UInt16 = 0
    for byte in bytes[position..<position + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
      value = value << 4 | UInt16(digit)
    }
    position += 4
    return value
  }
}
