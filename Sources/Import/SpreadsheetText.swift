import Model

/// What spreadsheets, and programs that write tables, make of a number or a code.
enum SpreadsheetText {
  /// The text of a cell that was written as a formula to keep its zeros: `="00123"` is `00123`. Any other text as it is.
  static func unwrapped(_ text: String) -> String {
    guard text.contains("=\"") else { return text }
    let formula = text.trimmed
    guard formula.hasPrefix("=\""), formula.hasSuffix("\""), formula.utf8.count > 2 else { return text }
    let content = formula.dropFirst(2).dropLast().replacing("\"\"", with: "\u{0}")
    return content.contains("\"") ? text : String(content.replacing("\u{0}", with: "\""))
  }

  /// Without the apostrophe that tells a spreadsheet "this is text": `'00124` is `00124`.
  static func withoutApostrophe(_ text: String) -> String {
    guard text.utf8.first == UInt8(ascii: "'") else { return text }
    let isQuoted = text.utf8.count > 1 && text.utf8.last == UInt8(ascii: "'")
    return String(text.dropFirst().dropLast(isQuoted ? 1 : 0)).trimmed
  }

  /// Whether this cannot have been the number of an invoice or the code of a customer: `2,02513E+11`, `2026001.0`,
  /// `2,026,001`, `2026-01-05 00:00:00`, a formula, or an error value.
  static func isRewrittenKey(_ text: String) -> Bool {
    text.utf8.first == UInt8(ascii: "=") || isErrorValue(text) || isScientific(text) || isDecimal(text)
      || isGrouped(text) || text.hasSuffix(" 00:00:00")
  }

  /// Whether a person who reads this in a mail would wonder: an error value, or a number in scientific notation.
  static func isRewrittenValue(_ text: String) -> Bool { isErrorValue(text) || isScientific(text) }

  /// What Excel, LibreOffice, pandas, JavaScript and databases write where a value is missing or wrong: `#REF!`, `#N/A`,
  /// `#NOM?`, `########`, `Err:502`, `nan`, `NULL`.
  private static func isErrorValue(_ text: String) -> Bool {
    if words.contains(text) { return true }
    if text.hasPrefix("Err:") { return text.utf8.count > 4 && text.utf8.dropFirst(4).allSatisfy(isDigit) }
    guard text.utf8.first == UInt8(ascii: "#"), text.utf8.count > 1 else { return false }
    if text.utf8.allSatisfy({ $0 == UInt8(ascii: "#") }) { return true }
    // Each language has words of its own: #VALUE!, #VALEUR!, #WERT!, #WAARDE!, #¡VALOR!.
    let name = text.dropFirst().dropLast()
    return (text.hasSuffix("!") || text.hasSuffix("?")) && !name.isEmpty
      && name.allSatisfy { $0.isUppercase || "/_0¡¿".contains($0) }
  }

  /// As they are written: a customer may well have the code `NAN`.
  private static let words: Set<String> = [
    "#N/A", "#N/B", "#N/D", "#NV", "#GETTING_DATA", "N/A", "n/a", "nan", "NaN", "-nan", "NaT", "<NA>", "null", "NULL",
    "(null)",
    "\\N",
    "None", "undefined", "inf", "-inf", "Infinity", "[object Object]",
  ]

  /// A mantissa of up to three digits (the engineers' form), perhaps more behind its mark, and an exponent. Without a
  /// mark the exponent has a sign: `12E34` may be a code.
  private static func isScientific(_ text: String) -> Bool {
    var rest = text.utf8[...]
    takeSign(&rest)
    guard (1...3).contains(takeDigits(&rest)) else { return false }
    let hasMark = take(".", &rest) || take(",", &rest)
    if hasMark, takeDigits(&rest) == 0 { return false }
    guard take("E", &rest) || take("e", &rest) else { return false }
    let hasSign = takeSign(&rest)
    return (hasMark || hasSign) && takeDigits(&rest) > 0 && rest.isEmpty
  }

  /// A whole number with zeros behind its mark.
  private static func isDecimal(_ text: String) -> Bool {
    var rest = text.utf8[...]
    takeSign(&rest)
    guard takeDigits(&rest) > 0, take(".", &rest) || take(",", &rest) else { return false }
    return !rest.isEmpty && rest.allSatisfy { $0 == UInt8(ascii: "0") }
  }

  /// A whole number in groups of three, between commas or blanks that do not break.
  private static func isGrouped(_ text: String) -> Bool {
    for mark: Unicode.Scalar in [",", "\u{A0}", "\u{202F}"] {
      let groups = text.unicodeScalars.split(separator: mark, omittingEmptySubsequences: false)
      guard groups.count > 1, let first = groups.first, (1...3).contains(first.count) else { continue }
      let areDigits = groups.allSatisfy { $0.allSatisfy { ("0"..."9").contains($0) } }
      if areDigits, groups.dropFirst().allSatisfy({ $0.count == 3 }) { return true }
    }
    return false
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func takeDigits(_ rest: inout Substring.UTF8View) -> Int {
    let digits = rest.prefix(while: isDigit)
    rest = rest.dropFirst(digits.count)
    return digits.count
  }

  @discardableResult
  private static func takeSign(_ rest: inout Substring.UTF8View) -> Bool { take("+", &rest) || take("-", &rest) }

  private static func take(_ character: Unicode.Scalar, _ rest: inout Substring.UTF8View) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }
}
