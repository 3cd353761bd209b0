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

  /// Whether there is a C0 or C1 control character, or U+007F, that is not in `permitted`.
  func containsControlCharacter(except permitted: [UInt8] = []) -> Bool {
    var previous: UInt8 = 0
    for byte in utf8 {
      // In UTF-8 the C1 ones are 0xC2 and a byte below 0xA0.
      let isControl = byte < 0x20 || byte == 0x7F || (previous == 0xC2 && byte < 0xA0)
      if isControl, !permitted.contains(byte) { return true }
      previous = byte
    }
    return false
  }

  private var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }
}
