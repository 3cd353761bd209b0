import Model
import Store
import Synchronization

/// The looks at unknown attempts: which are under way, and when the others may be looked at again. By the monotonic
/// clock and in memory alone, so all is counted anew after a restart.
final class ReconcileSchedule: Sendable {
  private struct Entry {
    let attempt: Int
    let firstSeen: Duration
    /// Nil: a look is under way.
    var next: Duration?
  }

  private let entries = Mutex<[Int64: Entry]>([:])

  var underWay: Int { entries.withLock { $0.values.count { $0.next == nil } } }

  /// Deliveries that are not to be looked at now.
  func busy(at now: Duration) -> Set<Int64> {
    entries.withLock { entries in Set(entries.filter { $0.value.next.map { $0 > now } ?? true }.keys) }
  }

  /// - Returns: for how long this attempt has been known to have ended.
  func begin(_ delivery: DueDelivery, at now: Duration) -> Duration {
    entries.withLock { entries in
      // Another attempt of the same delivery ended later, and has to settle anew.
      let known = entries[delivery.id].flatMap { $0.attempt == delivery.attempt ? $0 : nil }
      let firstSeen = known?.firstSeen ?? now
      entries[delivery.id] = Entry(attempt: delivery.attempt, firstSeen: firstSeen, next: nil)
      return now - firstSeen
    }
  }

  /// - Parameter next: when to look again; nil: something was found, and the delivery is forgotten.
  func end(_ id: Int64, next: Duration?) {
    entries.withLock { entries in
      if let next { entries[id]?.next = next } else { entries[id] = nil }
    }
  }

  /// Forgets deliveries that could be looked at and are unknown no more.
  func forget(at now: Duration, except unknown: [DueDelivery]) {
    let ids = Set(unknown.map(\.id))
    entries.withLock { entries in
      entries = entries.filter { id, entry in entry.next.map { $0 > now } ?? true || ids.contains(id) }
    }
  }

  /// The earliest later look.
  func next(after now: Duration) -> Duration? {
    entries.withLock { $0.values.compactMap(\.next).filter { $0 > now }.min() }
  }
}
