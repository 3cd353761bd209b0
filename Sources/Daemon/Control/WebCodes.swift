import Foundation
import Synchronization

/// The codes with which browsers open their sessions: each good once, and not for long. They are kept in memory alone: a
/// restart makes them void.
final class WebCodes: Sendable {
  private struct Code {
    var name: String
    var expiresAt: Date
  }

  /// Seconds that a code for oneself is good for: time enough to open the page.
  static let ownLifetime: TimeInterval = 60
  /// Of a code for somebody else, whom it has to reach.
  static let givenLifetime: TimeInterval = 3600
  /// Codes at one time; the one that ends first gives way.
  private static let limit = 1000

  private let codes = Mutex<[String: Code]>([:])

  /// A new code of 128 random bits, as 32 hexadecimal digits.
  func make(for name: String, lifetime: TimeInterval, now: Date) -> (code: String, expiresAt: Date) {
    let code = (0..<16).map { _ in
      let byte = UInt8.random(in: .min ... .max)
      return String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
    let expiresAt = now.addingTimeInterval(lifetime)
    codes.withLock { codes in
      codes = codes.filter { $0.value.expiresAt > now }
      if codes.count >= Self.limit, let first = codes.min(by: { $0.value.expiresAt < $1.value.expiresAt }) {
        codes[first.key] = nil
      }
      codes[code] = Code(name: name, expiresAt: expiresAt)
    }
    return (code, expiresAt)
  }

  /// Whose code it is, and spends it; nil: unknown, too old, or spent.
  func take(_ code: String, now: Date) -> String? {
    guard let found = codes.withLock({ $0.removeValue(forKey: code) }), found.expiresAt > now else { return nil }
    return found.name
  }
}
