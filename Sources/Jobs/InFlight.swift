import Synchronization

/// The deliveries that have been begun and are not finished.
final class InFlight: Sendable {
  private let deliveries = Mutex<Set<Int64>>([])

  var ids: Set<Int64> { deliveries.withLock { $0 } }
  var count: Int { deliveries.withLock { $0.count } }

  func insert(_ id: Int64) { deliveries.withLock { _ = $0.insert(id) } }
  func remove(_ id: Int64) { deliveries.withLock { _ = $0.remove(id) } }
}
