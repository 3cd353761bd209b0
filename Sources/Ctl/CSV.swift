/// CSV as RFC 4180 writes it: CRLF after each record, quotes where they are needed.
struct CSV: Sendable {
  /// What stands between two fields. Excel reads a file that it opens with the separator of the user's region: a
  /// semicolon where the comma is the decimal sign.
  enum Separator: String, CaseIterable, Sendable {
    case comma = ","
    case semicolon = ";"
    case tab = "\t"

    /// Nil unless it is the character itself or its name.
    init?(named name: String) {
      guard let separator = Self.allCases.first(where: { $0.rawValue == name || "\($0)" == name }) else { return nil }
      self = separator
    }
  }

  /// Without it Excel takes UTF-8 for the code page of the user's language.
  static let byteOrderMark = "\u{FEFF}"

  var separator = Separator.comma

  /// One record, with its line end.
  ///
  /// A field that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return)
  /// gets an apostrophe before it.
  func record(_ fields: [String]) -> String {
    fields.map { quoted(Self.guarded($0)) }.joined(separator: separator.rawValue) + "\r\n"
  }

  private static func guarded(_ field: String) -> String {
    guard let first = field.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else { return field }
    return "'" + field
  }

  private func quoted(_ field: String) -> String {
    let marks = (separator.rawValue + "\"\r\n").unicodeScalars
    guard field.unicodeScalars.contains(where: marks.contains) else { return field }
    // By scalars: a mark behind a quote makes no other character of it.
    return "\"" + field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
