import Dispatch
import Foundation
import Model
import Synchronization

/// Names of users (getpwuid_r(3)), for those who ask on a thread that must not block.
///
/// A name may come from a directory service, which takes seconds to answer, or does not answer at all. So it is looked up
/// on a thread of its own, waited for at most for `patience`, and remembered: a call that a slow directory holds up goes on
/// with the number, and holds up no other.
final class UserDatabase: Sendable {
  private struct Entry {
    /// Nil: nobody has this number.
    var name: String?
    /// By the monotonic clock.
    var since: Duration
  }

  private struct State {
    var known: [UInt32: Entry] = [:]
    /// Those who wait for an answer that is on its way.
    var waiting: [UInt32: [Int: CheckedContinuation<Void, Never>]] = [:]
    var next = 0
  }

  /// A user is renamed less often.
  private static let lifetime = Duration.seconds(300)
  /// Where a call takes milliseconds, a person does not notice this.
  private static let patience = DispatchTimeInterval.seconds(1)
  /// Bounds memory. Whoever calls is in the socket's group: hardly as many people.
  private static let maximumCount = 1000

  private let time: Time
  private let lookUp: @Sendable (UInt32) -> String?
  private let state = Mutex(State())
  /// One at a time: what is slow for one user is slow for all.
  private let queue = DispatchQueue(label: "invoiced.users")

  /// - Parameter lookUp: may block; nil: there is no such user.
  init(time: Time, lookUp: @escaping @Sendable (UInt32) -> String? = UserDatabase.systemName) {
    self.time = time
    self.lookUp = lookUp
  }

  /// The user's name. The number where there is no name, and where none is known in time; the name of before, where there
  /// was one.
  func name(of uid: UInt32) async -> String {
    let now = time.uptime()
    let entry = state.withLock { $0.known[uid] }
    if entry.map({ now - $0.since < Self.lifetime }) != true { await ask(uid) }
    return state.withLock { $0.known[uid]?.name } ?? String(uid)
  }

  /// Returns when there is an answer, or after `patience`.
  private func ask(_ uid: UInt32) async {
    await withCheckedContinuation { continuation in
      let (id, isFirst) = state.withLock { state in
        state.next += 1
        let isFirst = state.waiting[uid] == nil
        state.waiting[uid, default: [:]][state.next] = continuation
        return (state.next, isFirst)
      }
      if isFirst { queue.async { self.answer(uid) } }
      DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) {
        // The entry stays, empty: the question is on its way.
        self.state.withLock { $0.waiting[uid]?.removeValue(forKey: id) }?.resume()
      }
    }
  }

  private func answer(_ uid: UInt32) {
    let name = lookUp(uid)
    let waiting = state.withLock { state in
      if state.known.count >= Self.maximumCount { state.known = [:] }
      state.known[uid] = Entry(name: name, since: time.uptime())
      return state.waiting.removeValue(forKey: uid)
    }
    for continuation in (waiting ?? [:]).values { continuation.resume() }
  }

  /// What the system says; blocks.
  @Sendable static func systemName(of uid: UInt32) -> String? {
    var size = 4096
    // A record may be larger, with many words about a person (ERANGE).
    while size <= 1 << 20 {
      var (record, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
      var buffer = [CChar](repeating: 0, count: size)
      let failure = getpwuid_r(uid, &record, &buffer, buffer.count, &found)
      if failure == ERANGE {
        size *= 4
        continue
      }
      guard failure == 0, found != nil, let name = record.pw_name else { return nil }
      return String(cString: name)
    }
    return nil
  }
}
