import Foundation
import Synchronization

/// Browsers that have shown a code; kept in memory alone.
final class Sessions: Sendable {
  private struct Session {
    var user: User
    var end: Date
  }

  /// A working day.
  static let lifetime: TimeInterval = 12 * 3600
  /// At one time; the one that ends first gives way.
  private static let limit = 1000

  private let sessions = Mutex<[String: Session]>([:])

  /// The cookie's value: 256 random bits.
  func open(_ user: User, now: Date) -> String {
    let value = Data((0..<32).map { _ in UInt8.random(in: .min ... .max) }).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
    sessions.withLock { sessions in
      sessions = sessions.filter { $0.value.end > now }
      if sessions.count >= Self.limit, let first = sessions.min(by: { $0.value.end < $1.value.end }) {
        sessions[first.key] = nil
      }
      sessions[value] = Session(user: user, end: now.addingTimeInterval(Self.lifetime))
    }
    return value
  }

  func user(_ value: String, now: Date) -> User? {
    sessions.withLock { sessions in sessions[value].flatMap { $0.end > now ? $0.user : nil } }
  }

  func close(_ value: String) { sessions.withLock { _ = $0.removeValue(forKey: value) } }
}
