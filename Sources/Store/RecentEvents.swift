import Synchronization

/// The newest events in memory, for those who watch and are up to date: they need not wait for a read of the database
/// behind the commits of other deliveries.
///
/// The writer puts them in after COMMIT, in their order. Whatever it does not know is read from the database.
final class RecentEvents: Sendable {
  private struct State {
    /// Of the transaction that is being made.
    var pending: [Store.Entry] = []
    /// Committed, without a gap.
    var entries: [Store.Entry] = []
    /// Every event after this one is in `entries`; nil: none is known to be.
    var start: Int64?
  }

  /// Bounds memory: some 600 bytes an event.
  private static let limit = 256

  private let state = Mutex(State())

  /// A transaction begins, perhaps anew.
  func begin() { state.withLock { $0.pending = [] } }

  /// Part of the transaction.
  func add(_ entries: [Store.Entry]) { state.withLock { $0.pending += entries } }

  /// The transaction is on the disk.
  ///
  /// - Returns: whether it has events.
  func commit() -> Bool {
    state.withLock { state in
      guard let first = state.pending.first else { return false }
      if state.entries.last.map({ $0.sequence + 1 }) != first.sequence {
        (state.entries, state.start) = ([], first.sequence - 1)
      }
      state.entries += state.pending
      state.pending = []
      // A quarter at a time: removing from an array's front moves the rest.
      if state.entries.count > Self.limit + Self.limit / 4 {
        state.entries.removeFirst(state.entries.count - Self.limit)
        state.start = state.entries[0].sequence - 1
      }
      return true
    }
  }

  /// What is on the disk is another thing now.
  func forget() { state.withLock { ($0.entries, $0.start) = ([], nil) } }

  /// The events after a number, at most `limit`, of one job or of all; nil: some of them are in the database alone.
  func after(_ sequence: Int64, job: Int64?, limit: Int) -> [Store.Entry]? {
    state.withLock { state in
      guard let start = state.start, sequence >= start else { return nil }
      let first = state.entries.firstIndex { $0.sequence > sequence } ?? state.entries.endIndex
      return Array(state.entries[first...].lazy.filter { job == nil || $0.job == job }.prefix(limit))
    }
  }
}
