import Foundation

/// Base64 in lines of 76 characters (RFC 2045, section 6.8), CRLF between them and none behind the last.
enum Base64Lines {
  static let lineLength = 76
  static let bytesPerLine = 57

  static func size(ofEncoded count: Int) -> Int {
    let characters = (count + 2) / 3 * 4
    let lines = (characters + lineLength - 1) / lineLength
    return characters + 2 * max(0, lines - 1)
  }

  /// Of text that comes in pieces, every one but the last must be a whole number of lines.
  static func encode(_ bytes: Data) -> Data {
    bytes.base64EncodedData(
      options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
  }
}
