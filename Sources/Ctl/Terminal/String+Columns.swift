extension String {
  /// Columns that the text takes in a terminal: two for a wide character (Unicode annex 11) or an emoji, none for a
  /// combining mark. The text is `printable`.
  var columns: Int {
    let scalars = unicodeScalars
    return scalars.allSatisfy(\.isOneColumn) ? scalars.count : reduce(0) { $0 + $1.columns }
  }

  /// The text with spaces behind it, or before it, up to so many columns.
  func padded(to width: Int, alignedRight: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - columns))
    return alignedRight ? space + self : self + space
  }

  /// The text cut to so many columns, its end replaced by `…`; unchanged where it fits.
  func shortened(to width: Int) -> String {
    guard columns > width else { return self }
    var result = ""
    var used = 0
    for character in self {
      guard used + character.columns <= width - 1 else { break }
      result.append(character)
      used += character.columns
    }
    return width > 0 ? result + "…" : ""
  }
}

extension Character {
  fileprivate var columns: Int {
    let scalars = unicodeScalars
    if scalars.contains("\u{FE0F}") { return 2 }  // asked for as an emoji
    return scalars.map(\.columns).max() ?? 0
  }
}

extension Unicode.Scalar {
  /// Latin letters below the first combining mark, which are columns of their own whatever stands beside them: telling
  /// characters apart costs thirty times as much, and a long list has hundreds of thousands of cells.
  fileprivate var isOneColumn: Bool { value < 0x300 && value != 0xAD }

  fileprivate var columns: Int {
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    if properties.isEmojiPresentation { return 2 }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
