import Foundation

extension String {
  /// Without white space around it.
  var trimmed: String {
    let isVisible = { (byte: UInt8?) in byte.map { (0x21...0x7E).contains($0) } ?? true }
    if isVisible(utf8.first), isVisible(utf8.last) { return self }
    let isBlank = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace || scalar == "\u{FEFF}" }
    guard let first = unicodeScalars.firstIndex(where: { !isBlank($0) }),
      let last = unicodeScalars.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(unicodeScalars[first...last])
  }

  /// In Unicode normal form C (UAX #15).
  var composed: String { isASCII ? self : precomposedStringWithCanonicalMapping }

  /// Whether there is a C0 or C1 control character, U+007F, or a separator of lines or paragraphs (U+2028, U+2029), that
  /// is not in `permitted`.
  func containsControlCharacter(except permitted: Set<Unicode.Scalar> = []) -> Bool {
    // Most texts are plain ASCII, and this is asked for each of a large import.
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return false }
    return unicodeScalars.contains { scalar in
      (scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar == "\u{2028}" || scalar == "\u{2029}")
        && !permitted.contains(scalar)
    }
  }

  private var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
