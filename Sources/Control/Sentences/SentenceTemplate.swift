import Model

/// A sentence with places for values, written `{name}`.
struct SentenceTemplate: Sendable, Hashable, ExpressibleByStringLiteral {
  /// As it is written, with its places.
  let text: String

  init(stringLiteral text: String) { self.text = text }

  /// Puts the values in. They are taken as they are, braces in them included, except that control characters become
  /// spaces, since a sentence is one line, and invisible ones `<U+200B>`. A place without a value stays as it is written.
  func filled(_ values: KeyValuePairs<String, String>) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      let name = rest[rest.index(after: open)..<close]
      result += rest[..<open]
      if let value = values.first(where: { $0.key == name })?.value {
        result += Self.oneLine(value)
      } else {
        result += rest[open...close]
      }
      rest = rest[rest.index(after: close)...]
    }
    return result + rest
  }

  private static func oneLine(_ value: String) -> String {
    let scalars = value.revealed.unicodeScalars.map { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: Unicode.Scalar(" ")
      default: scalar
      }
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
