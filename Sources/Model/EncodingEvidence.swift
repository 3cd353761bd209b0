/// How a text that is no UTF-8 would look in each of the encodings with one byte for each character.
///
/// Every byte is a character in most of them, so that a wrong guess shows itself only in what it makes of words: `ZoŽ` for
/// `Zoé`, `h“tel` for `hôtel`. Counted are characters that no word has where they stand.
struct EncodingEvidence {
  /// The likelier ones first.
  static let candidates: [ManifestEncoding] = [.windows1252, .macintosh, .cp850]

  private enum Kind {
    case lower, upper, digit, other
    /// Stands between letters in words: an apostrophe, a dash.
    case joiner
    /// Opens a quotation, and follows no letter.
    case opening
    /// Has no place in a table: a control character, a frame of DOS, an accent by itself.
    case strange

    var isLetter: Bool { self == .lower || self == .upper }
  }

  /// For each candidate, of all 256 bytes.
  private static let kinds: [[Kind]] = candidates.map { encoding in
    (UInt8.min...UInt8.max).map { byte in
      byte < 0x80 ? kind(of: Unicode.Scalar(byte)) : encoding.scalar(of: byte).map(kind) ?? .strange
    }
  }

  /// In the order of `candidates`.
  private var unlikely = candidates.map { _ in 0 }
  private var previous: UInt8 = 0x0A
  private var held: UInt8?
  private var offset = 0
  private var line = 1
  private var hasLineFeeds = false
  private var hasCarriageReturns = false

  /// The first byte that is unlikely in Windows-1252; where lines end in CR alone, which no Windows program writes, the
  /// first outside ASCII.
  var doubt: Place? { endsInCarriageReturns ? firstOutsideASCII : firstUnlikely }
  private var firstUnlikely: Place?
  private var firstOutsideASCII: Place?

  struct Place {
    /// From 0.
    var offset: Int
    /// From 1.
    var line: Int
  }

  /// As Excel on a Mac ends the lines of a CSV file.
  var endsInCarriageReturns: Bool { hasCarriageReturns && !hasLineFeeds }

  mutating func add(_ bytes: [UInt8]) {
    for byte in bytes { add(byte) }
  }

  mutating func finish() { add(0x0A) }

  /// The encoding in which the fewest characters are unlikely.
  func best(except failed: ManifestEncoding?) -> ManifestEncoding? {
    let order = endsInCarriageReturns ? [1, 0, 2] : [0, 1, 2]
    let possible = order.filter { Self.candidates[$0] != failed }
    return possible.min { unlikely[$0] < unlikely[$1] }.map { Self.candidates[$0] }
  }

  private mutating func add(_ next: UInt8) {
    if let byte = held {
      if byte >= 0x80 { judge(byte, next) }
      hasCarriageReturns = hasCarriageReturns || byte == 0x0D
      hasLineFeeds = hasLineFeeds || byte == 0x0A
      if byte == 0x0A || (byte == 0x0D && next != 0x0A) { line += 1 }
      previous = byte
      offset += 1
    }
    held = next
  }

  private mutating func judge(_ byte: UInt8, _ next: UInt8) {
    let place = Place(offset: offset, line: line)
    if firstOutsideASCII == nil { firstOutsideASCII = place }
    for (i, kinds) in Self.kinds.enumerated() {
      let letter = Self.candidates[i].scalar(of: byte)
      guard Self.isUnlikely(kinds[Int(byte)], letter, kinds[Int(previous)], kinds[Int(next)], next) else { continue }
      unlikely[i] += 1
      if Self.candidates[i] == .windows1252, firstUnlikely == nil { firstUnlikely = place }
    }
  }

  private static func isUnlikely(
    _ kind: Kind, _ letter: Unicode.Scalar?, _ previous: Kind, _ next: Kind, _ nextByte: UInt8
  ) -> Bool {
    switch kind {
    case .strange: return true
    case .opening: return previous.isLetter
    case .other: return previous.isLetter && next.isLetter
    case .lower, .digit, .joiner: return false
    case .upper:
      if previous == .lower || previous == .digit || next == .digit { return true }
      if previous.isLetter { return next == .lower }
      // Alone: a preposition, an initial with its point.
      return !next.isLetter && letter != "À" && letter != "É" && nextByte != UInt8(ascii: ".")
    }
  }

  private static func kind(of scalar: Unicode.Scalar) -> Kind {
    switch scalar {
    case "’", "–", "·", "´", "\u{A0}", "\u{AD}", "'", "-", ".": return .joiner
    case "„", "‚", "‹": return .opening
    case "ƒ", "ı", "†", "‡", "¬", "¦", "\u{F8FF}": return .strange
    case "ª", "º", "µ": return .other
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control: return scalar.value < 0x80 ? .other : .strange
    case .decimalNumber: return .digit
    // The letters that Mac OS Roman has for formulas, and its ligatures, are none of words.
    case .lowercaseLetter: return scalar.value < 0x300 ? .lower : .strange
    case .uppercaseLetter: return scalar.value < 0x300 ? .upper : .strange
    case .modifierLetter, .modifierSymbol, .mathSymbol, .otherSymbol:
      return scalar.value < 0x80 || "°©®™±×÷".unicodeScalars.contains(scalar) ? .other : .strange
    default: return .other
    }
  }
}
