/// Marks that are written on the letter before them, such as U+0301, an acute accent.
///
/// Comparing, hashing and normalising a `String` puts the marks of one letter in order, in time that grows with the square
/// of their number: 30,000 of them in a text of 60 KB cost seconds. So texts from outside are looked at before anything
/// is done with them.
extension StringProtocol {
  /// The stream-safe text format (UAX #15, section 13) permits 30, and no language needs five.
  package static var maximumMarks: Int { 128 }

  /// Whether more marks than `maximumMarks` follow each other. Takes time that grows with the length alone.
  package var hasTooManyMarks: Bool { surplusMark != nil }

  /// The first mark that is one too many.
  package var surplusMark: Index? {
    // Most texts are plain ASCII.
    if utf8.allSatisfy({ $0 < 0x80 }) { return nil }
    var count = 0
    return unicodeScalars.firstIndex { scalar in
      count = scalar.isMark ? count + 1 : 0
      return count > Self.maximumMarks
    }
  }
}

extension Unicode.Scalar {
  /// The first ones of Unicode.
  private static let firstMark: Unicode.Scalar = "\u{300}"

  /// Not by the combining class alone: some that have none are made of marks that have one, such as U+0F73.
  fileprivate var isMark: Bool {
    self >= Self.firstMark && (properties.isGraphemeExtend || properties.canonicalCombiningClass != .notReordered)
  }
}
