import Foundation

/// Identifiers in the shapes that Gmail gives them.
enum Identifier {
  /// `r` and a signed 64-bit number: what Gmail calls a draft.
  static func draft() -> String { "r-\(UInt64.random(in: 1_000_000_000_000_000_000...9_000_000_000_000_000_000))" }

  /// 16 hexadecimal digits, later ones greater; threads are named after their first message.
  static func message() -> String {
    let milliseconds = UInt64(Date().timeIntervalSince1970 * 1000)
    return String(milliseconds << 20 | UInt64.random(in: 0..<(1 << 20)), radix: 16).leftPadded(to: 16)
  }

  /// The Message-ID that Gmail puts in the place of ours, brackets included.
  static func messageIDHeader() -> String { "<CA\(hex(24))@mail.gmail.com>" }

  static func hex(_ bytes: Int) -> String {
    (0..<bytes).map { _ in String(UInt8.random(in: .min ... .max), radix: 16).leftPadded(to: 2) }.joined()
  }

  static func digits(_ count: Int) -> String {
    (0..<count).map { _ in String(Int.random(in: 0...9)) }.joined()
  }
}

extension String {
  func leftPadded(to length: Int) -> String { String(repeating: "0", count: max(0, length - count)) + self }
}
