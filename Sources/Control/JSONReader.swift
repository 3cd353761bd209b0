import Foundation
import Model

extension WireJSON {
  /// Reads any JSON text (RFC 8259), in time that grows with its length alone.
  ///
  /// Strict: no name twice in one object, none with a run of marks that would make comparing costly (`hasTooManyMarks`), no
  /// more than `JSONReader.maximumDepth` values within each other. Throws `DecodingError.dataCorrupted`.
  package static func decode(_ type: JSON.Type, from data: Data) throws -> JSON {
    do throws(JSONReader.Fault) {
      return try JSONReader.read(Array(data))
    } catch {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "not JSON from byte \(error.position) on"))
    }
  }
}

/// Reads JSON text in one pass.
///
/// Why not Foundation's: through its decoder, `JSON` has to try one kind of value after the other, and each failure
/// costs time for all the values around it. 60 KB of brackets took minutes.
struct JSONReader {
  /// Arrays and objects within each other. Nothing that we exchange has more than ten; each level costs stack.
  static let maximumDepth = 64

  struct Fault: Error {
    /// Of the byte from which on the text cannot be read.
    var position: Int
  }

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  static func read(_ bytes: [UInt8]) throws(Fault) -> JSON {
    var reader = JSONReader(bytes: bytes)
    guard String(validating: bytes, as: UTF8.self) != nil else { throw reader.fault }
    reader.skipBlanks()
    let value = try reader.value()
    guard reader.position == bytes.count else { throw reader.fault }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private var fault: Fault { Fault(position: position) }

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
    guard take(character) else { throw fault }
  }

  private mutating func value() throws(Fault) -> JSON {
    switch next {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["): return .array(try array())
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    default: return try number()
    }
  }

  private mutating func object() throws(Fault) -> [String: JSON] {
    try enter("{")
    var members: [String: JSON] = [:]
    if !take("}") {
      repeat {
        let start = position
        let name = try string()
        guard !name.hasTooManyMarks else { throw Fault(position: start) }
        try expect(":")
        guard members.updateValue(try value(), forKey: name) == nil else { throw Fault(position: start) }
      } while take(",")
      try expect("}")
    }
    depth -= 1
    return members
  }

  private mutating func array() throws(Fault) -> [JSON] {
    try enter("[")
    var values: [JSON] = []
    if !take("]") {
      repeat { values.append(try value()) } while take(",")
      try expect("]")
    }
    depth -= 1
    return values
  }

  private mutating func enter(_ bracket: Unicode.Scalar) throws(Fault) {
    guard depth < Self.maximumDepth else { throw fault }
    depth += 1
    try expect(bracket)
  }

  private mutating func word(_ word: String, _ value: JSON) throws(Fault) -> JSON {
    guard bytes[position...].starts(with: word.utf8) else { throw fault }
    position += word.utf8.count
    skipBlanks()
    return value
  }

  /// RFC 8259, section 6; no number that a double cannot come near.
  private mutating func number() throws(Fault) -> JSON {
    let start = position
    if next == UInt8(ascii: "-") { position += 1 }
    // Nothing follows a nought that begins a number, so that "01" is refused behind it.
    if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
    if next == UInt8(ascii: ".") {
      position += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      position += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    skipBlanks()
    if let whole = Int64(text) { return .integer(whole) }
    guard let double = Double(text), double.isFinite else { throw Fault(position: start) }
    return Int64(exactly: double).map(JSON.integer) ?? .number(double)
  }

  /// At least one.
  private mutating func digits() throws(Fault) {
    let start = position
    while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw fault }
  }

  private mutating func string() throws(Fault) -> String {
    guard next == UInt8(ascii: "\"") else { throw fault }
    position += 1
    var text: [UInt8] = []
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        skipBlanks()
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        text.append(contentsOf: String(try escaped()).utf8)
      case ..<0x20:
        throw fault
      default:
        text.append(byte)
        position += 1
      }
    }
    throw fault
  }

  private mutating func escaped() throws(Fault) -> Unicode.Scalar {
    position += 1
    guard let letter = next else { throw fault }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try codeUnit()
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard UTF16.isLeadSurrogate(first), bytes[position...].starts(with: #"\u"#.utf8) else { throw fault }
      position += 2
      let second = try codeUnit()
      guard UTF16.isTrailSurrogate(second) else { throw fault }
      return UTF16.decode(UTF16.EncodedScalar([first, second]))
    default: throw fault
    }
  }

  /// Four hexadecimal digits.
  private mutating func codeUnit() throws(Fault) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw fault }
      unit = unit << 4 | UInt16(digit)
      position += 1
    }
    return unit
  }
}
