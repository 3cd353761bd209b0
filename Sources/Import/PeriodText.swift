import Model

/// A period as people and spreadsheets write it.
enum PeriodText {
  /// Beginnings of the months' names in English, French, Dutch and German.
  private static let months = [
    "jan", "feb", "fév", "fev", "mar", "mrt", "maa", "mär", "apr", "avr", "mai", "may", "mei", "jun", "jui", "jul",
    "aou", "aoû", "aug", "sep", "oct", "okt", "nov", "dec", "déc", "dez",
  ]

  /// The days from 1954 to 2173 as a spreadsheet counts them, from 1900.
  private static let serials = 20_000...99_999

  /// The period, or the reason why it is none: `periodMissing`, `periodSpreadsheet` or `periodInvalid`.
  static func read(_ text: String) -> Result<Period, InvalidPeriod> {
    if let period = Period(text) { return .success(period) }
    if text.isEmpty { return .failure(InvalidPeriod(code: .periodMissing)) }
    return .failure(InvalidPeriod(code: isFromSpreadsheet(text) ? .periodSpreadsheet : .periodInvalid))
  }

  struct InvalidPeriod: Error {
    let code: ImportProblemCode
  }

  /// Whether it looks like what a spreadsheet makes of a month: `janv-25`, `Jan 2025`, `01/2025`, `2025/01`,
  /// `01/01/2025`, `2025-01-01 00:00:00`, or the number of a day, such as `45658`.
  private static func isFromSpreadsheet(_ text: String) -> Bool {
    let separators: [Character] = ["-", "/", ".", ",", " ", "\u{A0}", "\u{202F}"]
    var parts = text.lowercased().split { separators.contains($0) }.map(String.init)
    // A time behind the date, and what is left of a day's number behind its decimal separator.
    if parts.count > 1, let last = parts.last, last.contains(":") { parts.removeLast() }
    let sizes = parts.map { isNumber($0) ? $0.utf8.count : 0 }
    if let first = parts.first, let day = Int(first), sizes.count == 1 || (sizes.count == 2 && parts[1] == "0") {
      return serials.contains(day)
    }
    let hasYear = sizes.contains(4) || sizes.contains(2)
    if sizes.contains(0) {
      // One month by its name, the rest in figures.
      return hasYear && sizes.count { $0 == 0 } == 1
        && parts.contains { part in months.contains { part.hasPrefix($0) } }
    }
    let years = sizes.count { $0 == 4 }
    guard years <= 1, sizes.allSatisfy({ $0 <= 2 || $0 == 4 }) else { return false }
    switch sizes.count {
    case 2:
      // `2025-13` has the right form, and no such month.
      let hasOurForm = sizes == [4, 2] && text.contains("-")
      return years == 1 && !hasOurForm
    case 3: return true
    default: return false
    }
  }

  private static func isNumber(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
