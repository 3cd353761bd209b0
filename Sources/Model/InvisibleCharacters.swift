import Foundation

/// Characters that are there without being seen, such as a zero width space (U+200B) or a soft hyphen (U+00AD). They come
/// along when somebody copies from a PDF, a web page or a mail, and make two texts of what looks like one.
extension Unicode.Scalar {
  /// Whether nothing shows where it stands: what is default ignorable (UAX #44), the marks of annotations (U+FFF9 to
  /// U+FFFB) and the blank of Braille (U+2800). White space and controls are none of these.
  package var isInvisible: Bool {
    switch value {
    case ..<0xAD: false
    case 0x2800, 0xFFF9...0xFFFB: true
    default: properties.isDefaultIgnorableCodePoint
    }
  }
}

extension String {
  package var hasInvisibleCharacter: Bool { !isASCII && unicodeScalars.contains(where: \.isInvisible) }

  /// Whether it can stand in a line for people as it is: no character that cannot be seen or that turns the text around it
  /// (control and format characters, among them those of bidirectional text; line ends; what Unicode ignores by default).
  package var isPlain: Bool {
    unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
      default: !scalar.properties.isDefaultIgnorableCodePoint
      }
    }
  }

  /// For people: `<U+200B>` in the place of each invisible character.
  ///
  /// Those that only shape what stands beside them stay: the variation selector behind an emoji or an ideograph, and a
  /// joiner between two emoji or two letters of a script that needs it.
  package var revealed: String {
    guard hasInvisibleCharacter else { return self }
    var text = ""
    for index in unicodeScalars.indices {
      let scalar = unicodeScalars[index]
      if unicodeScalars.isHidden(at: index) {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        text += "<U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + ">"
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// Without white space and invisible characters around it.
  package var trimmed: String {
    let isVisible = { (byte: UInt8?) in byte.map { (0x21...0x7E).contains($0) } ?? true }
    if isVisible(utf8.first), isVisible(utf8.last) { return self }
    return trimmed { scalars, index in
      scalars[index].properties.isWhitespace || scalars.isHidden(at: index)
    }
  }

  /// Without invisible characters around it; white space stays.
  package var trimmedOfInvisible: String { hasInvisibleCharacter ? trimmed { $0.isHidden(at: $1) } : self }

  private var isASCII: Bool { utf8.allSatisfy { $0 < 0x80 } }

  private func trimmed(where isSurplus: (UnicodeScalarView, Index) -> Bool) -> String {
    let scalars = unicodeScalars
    guard let first = scalars.indices.first(where: { !isSurplus(scalars, $0) }),
      let last = scalars.indices.last(where: { !isSurplus(scalars, $0) })
    else { return "" }
    return String(scalars[first...last])
  }
}

extension String.UnicodeScalarView {
  /// The first letters that joiners shape are Arabic; Latin, Greek and Cyrillic come before.
  private static let firstJoinedScalar: Unicode.Scalar = "\u{600}"

  /// Whether the scalar here is invisible and shapes nothing beside it.
  fileprivate func isHidden(at index: Index) -> Bool {
    let scalar = self[index]
    guard scalar.isInvisible else { return false }
    guard index > startIndex else { return true }
    let before = self[self.index(before: index)]
    if scalar.properties.isVariationSelector {
      let isEmoji = before.properties.isEmoji && !before.isASCII
      return !isEmoji && !before.properties.isIdeographic
    }
    guard scalar.properties.isJoinControl else { return true }
    let next = self.index(after: index)
    return next == endIndex || before < Self.firstJoinedScalar || self[next] < Self.firstJoinedScalar
      || self[next].isInvisible
  }
}

extension String {
  /// As invoice numbers and occasions are kept and compared: `trimmed`, in Unicode normal form C.
  package var keyForm: String { trimmed.precomposedStringWithCanonicalMapping }
}
