/// Language tags (RFC 5646) as far as templates need them: lower case, subtags joined by hyphens.
enum LanguageTag {
  /// Whether the text is written as this program writes a tag: `fr`, `fr-be`.
  static func isCanonical(_ text: some StringProtocol) -> Bool {
    !text.isEmpty
      && text.split(separator: "-", omittingEmptySubsequences: false).allSatisfy {
        (1...8).contains($0.utf8.count)
          && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
      }
  }

  /// The tag itself, then ever shorter ones (RFC 4647, section 3.4): `fr-BE` → `fr-be`, `fr`.
  static func fallbacks(of text: String) -> [String] {
    let subtags = text.lowercased().replacing("_", with: "-").split(separator: "-")
    return (0..<subtags.count).map { subtags.dropLast($0).joined(separator: "-") }
  }
}

/// Names of the months, as they are written inside a sentence. A table of our own: ICU is kept out of the daemon.
enum MonthNames {
  private static let names: [String: [String]] = [
    "fr": [
      "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
      "décembre",
    ],
    "nl": [
      "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
      "december",
    ],
    "en": [
      "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
      "December",
    ],
  ]

  static var languages: [String] { names.keys.sorted() }

  /// - Parameter month: 1...12; anything else has no name.
  static func name(of month: Int, in language: String) -> String? {
    guard (1...12).contains(month) else { return nil }
    return LanguageTag.fallbacks(of: language).lazy.compactMap { names[$0] }.first?[month - 1]
  }
}
