/// Finds out what separates the fields of a CSV text, from its first line that is not empty.
///
/// The one that a line such as `sep=;` names, or else the most frequent of `;`, `,` and tab outside quotes; the first of
/// these when they are equal in number.
struct CSVSeparatorDetector: Sendable {
  private static let candidates = [UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "\t")]

  private var counts = [0, 0, 0]
  private var isQuoted = false
  /// What stood before; nil where a field can begin.
  private var previous: UInt8?
  private var hasContent = false

  var separator: UInt8 {
    var best = 0
    for i in counts.indices where counts[i] > counts[best] { best = i }
    return Self.candidates[best]
  }

  /// The separator that a first line `sep=;` or `"sep=;"` names, in any case of letters; nil for any other line.
  ///
  /// It is a tab or a visible ASCII character that is no letter, digit or quote. More of it may follow: programs that do
  /// not know the line fill it up with empty cells.
  static func named(by line: ArraySlice<UInt8>) -> UInt8? {
    let isLineEnd = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
    var rest = line.drop(while: isLineEnd)
    while let byte = rest.last, isLineEnd(byte) { rest.removeLast() }
    let quote = UInt8(ascii: "\"")
    if rest.first == quote, rest.last == quote { rest = rest.dropFirst().dropLast() }
    guard rest.count >= 5, String(decoding: rest.prefix(4), as: UTF8.self).lowercased() == "sep=" else { return nil }
    let (separator, filling) = (rest[rest.startIndex + 4], rest.dropFirst(5))
    guard filling.allSatisfy({ $0 == separator }) else { return nil }
    let character = Character(Unicode.Scalar(separator))
    let isVisible = (0x21...0x7E).contains(separator) && !character.isLetter && !character.isNumber
    return separator == UInt8(ascii: "\t") || isVisible && separator != quote ? separator : nil
  }

  /// Returns true when this byte ends the header row.
  mutating func scan(_ byte: UInt8) -> Bool {
    if byte == UInt8(ascii: "\"") {
      // A quote opens a field only at its beginning; directly behind a closing quote it is a doubled one.
      isQuoted = !isQuoted && (previous == nil || previous == byte)
      previous = byte
      hasContent = true
      return false
    }
    previous = byte
    if isQuoted { return false }
    if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
      previous = nil
      return hasContent
    }
    hasContent = true
    if let i = Self.candidates.firstIndex(of: byte) {
      counts[i] += 1
      previous = nil
    }
    return false
  }
}
