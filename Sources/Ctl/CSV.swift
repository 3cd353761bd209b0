/// CSV as RFC 4180 writes it: CRLF after each record, quotes where they are needed.
enum CSV {
  /// One record, with its line end.
  ///
  /// A field that a spreadsheet would run as a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return)
  /// gets an apostrophe before it.
  static func record(_ fields: [String]) -> String {
    fields.map { quoted(guarded($0)) }.joined(separator: ",") + "\r\n"
  }

  private static func guarded(_ field: String) -> String {
    guard let first = field.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else { return field }
    return "'" + field
  }

  private static func quoted(_ field: String) -> String {
    let needsQuotes = field.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n" }
    guard needsQuotes else { return field }
    // By scalars: a mark behind a quote makes no other character of it.
    return "\"" + field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
