import Model

extension String {
  /// The text as it may be shown in one line of a terminal: no character in it moves the cursor, changes a colour or
  /// the direction of writing, or ends the line.
  ///
  /// C0 controls become their pictures (U+2400…), C1 controls and line separators U+FFFD, and what cannot be seen, the
  /// marks of the direction of writing among it, `<U+200B>`.
  var printable: String {
    let text = revealed
    guard text.unicodeScalars.contains(where: \.isUnprintable) else { return text }
    var scalars = UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x00...0x1F: scalars.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7F: scalars.append("\u{2421}")
      default: scalars.append(scalar.isUnprintable ? "\u{FFFD}" : scalar)
      }
    }
    return String(scalars)
  }

  /// The text as it may be shown in several lines: like `printable`, with its line ends and tabs kept.
  var printableLines: String {
    split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .map { line in
        line.split(separator: "\t", omittingEmptySubsequences: false).map { String($0).printable }
          .joined(separator: "\t")
      }
      .joined(separator: "\n")
  }
}

extension Unicode.Scalar {
  fileprivate var isUnprintable: Bool {
    switch value {
    case 0x00...0x1F, 0x7F...0x9F: true  // C0, DEL, C1
    case 0x2028, 0x2029: true  // line and paragraph separator
    default: false
    }
  }
}
