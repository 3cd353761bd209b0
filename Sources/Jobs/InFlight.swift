import Synchronization

/// The deliveries that a worker has in hand.
final class InFlight: Sendable {
  private let deliveries = Mutex<[Int64: Bool]>([:])

  var ids: Set<Int64> { deliveries.withLock { Set($0.keys) } }

  /// How many of them are on their way through the sender.
  var sending: Int { deliveries.withLock { $0.values.count { $0 } } }

  /// How many of them are only being recorded.
  var recording: Int { deliveries.withLock { $0.values.count { !$0 } } }

  func insert(_ id: Int64, sending: Bool) { deliveries.withLock { $0[id] = sending } }

  func remove(_ id: Int64) { deliveries.withLock { $0[id] = nil } }
}
