import Control

/// Text in pieces that fit into requests, whatever JSON makes of their characters.
struct RequestText: Sequence, IteratorProtocol {
  /// Of the text as a JSON string: a request is bounded at 64 KiB, and names its method and import as well.
  static let maximumEncodedSizeInBytes = 60 * 1024

  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  /// The next piece, at most `JobsInterface.AddRows.maximumTextSizeInBytes`, cut between two Unicode scalars.
  mutating func next() -> String? {
    guard !rest.isEmpty else { return nil }
    var (size, encoded) = (0, 0)
    var end = rest.startIndex
    let scalars = rest.unicodeScalars
    while end < scalars.endIndex {
      let width = UTF8.width(scalars[end])
      size += width
      encoded += Self.encodedSize(of: scalars[end], width)
      guard size <= JobsInterface.AddRows.maximumTextSizeInBytes, encoded <= Self.maximumEncodedSizeInBytes else {
        break
      }
      end = scalars.index(after: end)
    }
    defer { rest = rest[end...] }
    return String(rest[..<end])
  }

  /// RFC 8259, section 7: quotes and backslashes take two bytes, controls up to six.
  private static func encodedSize(of scalar: Unicode.Scalar, _ width: Int) -> Int {
    switch scalar {
    case "\"", "\\", "\n", "\r", "\t": 2
    case "\u{0}"..."\u{1F}", "\u{7F}": 6
    default: width
    }
  }
}
