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
