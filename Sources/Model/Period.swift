/// A month of invoicing, written `YYYY-MM` (ISO 8601).
package struct Period: Codable, Sendable, Hashable, Comparable, CustomStringConvertible {
  package let description: String

  /// Nil unless the text is four digits, a hyphen and a month from 01 to 12.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 7, bytes[4] == UInt8(ascii: "-"),
      (bytes[0...3] + bytes[5...6]).allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
      let month = Int(text.suffix(2)), (1...12).contains(month)
    else { return nil }
    description = text
  }

  /// - Parameter month: may lie outside 1...12 by up to one year; it is carried into the year.
  package init(year: Int, month: Int) {
    let months = year * 12 + (month - 1)
    let (y, m) = (months / 12, months % 12 + 1)
    let yearText = String(y)
    description =
      String(repeating: "0", count: max(0, 4 - yearText.count)) + yearText + (m < 10 ? "-0\(m)" : "-\(m)")
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let period = Period(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a period (YYYY-MM): \(text)"))
    }
    self = period
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  package static func < (a: Period, b: Period) -> Bool { a.description < b.description }
}
