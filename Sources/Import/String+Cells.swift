import Foundation

extension String {
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
