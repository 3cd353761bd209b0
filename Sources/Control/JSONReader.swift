import Foundation
import Model

extension WireJSON {
  /// Reads any JSON text (RFC 8259), in time that grows with its length alone.
  ///
  /// Strict: no name twice in one object, none with a run of marks that would make comparing costly (`hasTooManyMarks`), no
  /// more than `JSONReader.maximumDepth` values within each other. Throws `DecodingError.dataCorrupted`.
  package static func decode(_ type: JSON.Type, from data: Data) throws -> JSON {
    do throws(JSONLexer.Fault) {
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

  typealias Fault = JSONLexer.Fault

  private var lexer: JSONLexer
  private var depth = 0

  static func read(_ bytes: [UInt8]) throws(Fault) -> JSON {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw Fault(position: 0) }
    var reader = JSONReader(lexer: JSONLexer(bytes))
    let value = try reader.value()
    guard reader.lexer.isAtEnd else { throw reader.lexer.fault }
    return value
  }

  private init(lexer: JSONLexer) { self.lexer = lexer }

  private mutating func value() throws(Fault) -> JSON {
    switch lexer.next {
    case UInt8(ascii: "\""): return .string(try lexer.string())
    case UInt8(ascii: "{"): return .object(try object())
    case UInt8(ascii: "["): return .array(try array())
    default: return try word()
    }
  }

  private mutating func object() throws(Fault) -> [String: JSON] {
    try enter("{")
    var members: [String: JSON] = [:]
    if !lexer.take("}") {
      repeat {
        let start = lexer.position
        let name = try lexer.string()
        guard !name.hasTooManyMarks else { throw Fault(position: start) }
        try lexer.expect(":")
        guard members.updateValue(try value(), forKey: name) == nil else { throw Fault(position: start) }
      } while lexer.take(",")
      try lexer.expect("}")
    }
    depth -= 1
    return members
  }

  private mutating func array() throws(Fault) -> [JSON] {
    try enter("[")
    var values: [JSON] = []
    if !lexer.take("]") {
      repeat { values.append(try value()) } while lexer.take(",")
      try lexer.expect("]")
    }
    depth -= 1
    return values
  }

  private mutating func enter(_ bracket: Unicode.Scalar) throws(Fault) {
    guard depth < Self.maximumDepth else { throw lexer.fault }
    depth += 1
    try lexer.expect(bracket)
  }

  /// Of numbers, none that a double cannot come near.
  private mutating func word() throws(Fault) -> JSON {
    let start = lexer.position
    switch try lexer.word() {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case let number:
      if let whole = Int64(number) { return .integer(whole) }
      guard let double = Double(number), double.isFinite else { throw Fault(position: start) }
      return Int64(exactly: double).map(JSON.integer) ?? .number(double)
    }
  }
}
