import Foundation

/// Text beyond ASCII in a header: encoded-words (RFC 2047) in UTF-8.
enum EncodedWords {
  /// RFC 2047, section 2, permits 75 characters a word, and 76 a line: less leaves room for the name of the field.
  private static let maximumLength = 64
  /// Without what stands around the text.
  private static let maximumTextLength = maximumLength - "=?UTF-8?Q?".count - "?=".count

  /// The text as one or more words, split between whole characters; a blank between two words is no part of the text.
  static func encode(_ text: String) -> [String] {
    let isShorterInQ = text.utf8.reduce(0) { $0 + qLength($1) } <= (text.utf8.count + 2) / 3 * 4
    var words: [String] = []
    var piece: [UInt8] = []
    for unit in text.flatMap({ units($0, inQ: isShorterInQ) }) {
      if length(piece + unit, inQ: isShorterInQ) > maximumTextLength {
        words.append(word(piece, inQ: isShorterInQ))
        piece.removeAll(keepingCapacity: true)
      }
      piece += unit
    }
    return words + [word(piece, inQ: isShorterInQ)]
  }

  /// What must not be split: the character, or its scalars where it is so long that it needs more than a word.
  private static func units(_ character: Character, inQ: Bool) -> [[UInt8]] {
    let whole = Array(character.utf8)
    if length(whole, inQ: inQ) <= maximumTextLength { return [whole] }
    return character.unicodeScalars.map { Array(String($0).utf8) }
  }

  private static func length(_ bytes: [UInt8], inQ: Bool) -> Int {
    inQ ? bytes.reduce(0) { $0 + qLength($1) } : (bytes.count + 2) / 3 * 4
  }

  private static func word(_ bytes: [UInt8], inQ: Bool) -> String {
    guard inQ else { return "=?UTF-8?B?" + Data(bytes).base64EncodedString() + "?=" }
    var text: [UInt8] = []
    for byte in bytes {
      if byte == UInt8(ascii: " ") {
        text.append(UInt8(ascii: "_"))
      } else if qLength(byte) == 1 {
        text.append(byte)
      } else {
        text += QuotedPrintable.escape(byte)
      }
    }
    return "=?UTF-8?Q?" + String(decoding: text, as: UTF8.self) + "?="
  }

  /// What may stand for itself even in a display name (RFC 2047, section 5, rule 3).
  private static func qLength(_ byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: "+"),
      UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: " "):
      1
    default: 3
    }
  }
}
