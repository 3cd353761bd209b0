import Model

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

  private var lexer: JSONLexer
  private var key: String?

  static func read(_ bytes: [UInt8]) throws(Fault) -> [Member] {
    var reader = JSONObjectReader(lexer: JSONLexer(bytes))
    do throws(JSONLexer.Fault) {
      let members = try reader.object(canNest: true)
      guard reader.lexer.isAtEnd else { throw reader.lexer.fault }
      return members
    } catch {
      throw Fault(key: reader.key, excerpt: String(decoding: bytes[error.position...].prefix(40), as: UTF8.self))
    }
  }

  private init(lexer: JSONLexer) { self.lexer = lexer }

  private mutating func object(canNest: Bool) throws(JSONLexer.Fault) -> [Member] {
    var members: [Member] = []
    try lexer.expect("{")
    if lexer.take("}") { return members }
    repeat {
      let name = try lexer.string()
      key = name
      try lexer.expect(":")
      members.append(Member(key: name, value: try value(canNest: canNest)))
    } while lexer.take(",")
    try lexer.expect("}")
    return members
  }

  private mutating func value(canNest: Bool) throws(JSONLexer.Fault) -> Value {
    switch lexer.next {
    case UInt8(ascii: "\""): return .text(try lexer.string())
    case UInt8(ascii: "{") where canNest: return .object(try object(canNest: false))
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "{"):
      try lexer.skipNested()
      return .other
    default:
      let word = try lexer.word()
      return word == "null" ? .null : .text(word)
    }
  }

  private mutating func array() throws(JSONLexer.Fault) -> Value {
    let start = lexer
    var strings: [String] = []
    try lexer.expect("[")
    if lexer.take("]") { return .list([]) }
    repeat {
      guard lexer.next == UInt8(ascii: "\"") else {
        lexer = start
        try lexer.skipNested()
        return .other
      }
      strings.append(try lexer.string())
    } while lexer.take(",")
    try lexer.expect("]")
    return .list(strings)
  }
}
