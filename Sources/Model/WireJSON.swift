import Foundation

/// JSON as it stands in the store, on the control socket and in `--json`: one line, sorted keys, slashes as they are,
/// times as RFC 3339 in UTC with milliseconds.
package enum WireJSON {
  package static func encode(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(Self.text(of: date))
    }
    return try encoder.encode(value)
  }

  package static func decode<T: Decodable>(_ type: T.Type, from data: Data) throws -> T {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .custom { decoder in
      let text = try decoder.singleValueContainer().decode(String.self)
      guard let date = Self.date(of: text) else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "not an RFC 3339 time: \(text)"))
      }
      return date
    }
    return try decoder.decode(type, from: data)
  }

  /// RFC 3339 in UTC with milliseconds, such as `2026-11-22T15:04:05.123Z`.
  package static func text(of date: Date) -> String {
    // The style cuts off. A time that was read is some nanoseconds off its millisecond, to either side: half a
    // millisecond more, and it comes out as it went in.
    (date + 0.000_5).formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// With or without a fraction of a second, in any offset from UTC.
  package static func date(of text: String) -> Date? {
    (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
      ?? (try? Date(text, strategy: Date.ISO8601FormatStyle()))
  }
}
