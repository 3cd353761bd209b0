extension String {
  /// The same text as one line that no terminal acts upon: line feed, carriage return and tab become `\n`, `\r`, `\t`,
  /// other control characters (C0, DEL, C1) and the two Unicode line separators become `\u{hex}`.
  ///
  /// A backslash stays as it is: the form is for people and is not read back.
  var oneLine: String {
    guard unicodeScalars.contains(where: Self.isUnsafe) else { return self }
    var line = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      case "\t": line += "\\t"
      case _ where Self.isUnsafe(scalar): line += "\\u{\(String(scalar.value, radix: 16))}"
      default: line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// At most so many bytes of UTF-8, cut between characters, with `…` for what is gone.
  func cut(toBytes limit: Int) -> String {
    guard utf8.count > limit else { return self }
    let mark = "…"
    var size = mark.utf8.count
    var end = startIndex
    while end < endIndex {
      size += self[end].utf8.count
      guard size <= limit else { break }
      formIndex(after: &end)
    }
    return self[..<end] + mark
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
    default: false
    }
  }
}
