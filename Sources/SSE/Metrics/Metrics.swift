import Model
import Synchronization

/// What this process has counted since its start.
final class Metrics: Sendable {
  /// Upper bounds of the send latency's buckets, in seconds.
  static let bounds: [Double] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

  struct Counts {
    var events: [Event.Kind: Int] = [:]
    var outcomes: [DeliveryState: Int] = [:]
    var snapshotsForced = 0
    var readersBehind = 0
    var daemonReconnects = 0
    var refusedReaders = 0
    var cutOffs = 0
    /// Sends that took no longer than each bound, not summed up; the last one: longer than all.
    var latencies = [Int](repeating: 0, count: Metrics.bounds.count + 1)
    var latencySum = 0.0
  }

  private let counts = Mutex(Counts())

  var now: Counts { counts.withLock { $0 } }

  /// Counted once, by the feed of all jobs.
  func published(_ event: Event) {
    counts.withLock { counts in
      counts.events[event.kind, default: 0] += 1
      guard let delivery = event.delivery else { return }
      counts.outcomes[delivery.state, default: 0] += 1
      guard let took = delivery.took else { return }
      counts.latencies[Self.bounds.firstIndex { took <= $0 } ?? Self.bounds.count] += 1
      counts.latencySum += took
    }
  }

  func snapshotForced() { counts.withLock { $0.snapshotsForced += 1 } }
  func fellBehind() { counts.withLock { $0.readersBehind += 1 } }
  func reconnecting() { counts.withLock { $0.daemonReconnects += 1 } }
  func cutOff() { counts.withLock { $0.cutOffs += 1 } }
  func refusedReader() { counts.withLock { $0.refusedReaders += 1 } }
}
