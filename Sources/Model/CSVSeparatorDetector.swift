/// Finds out what separates the fields of a CSV text, from its first line that is not empty.
///
/// The most frequent of `;`, `,` and tab outside quotes; the first of these when they are equal in number.
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
