import Foundation

/// The clocks that the program waits by, injected so that a test can turn them.
package struct Time: Sendable {
  /// Wall time: what is written down.
  package var now: @Sendable () -> Date
  /// Monotonic time since an arbitrary start, the machine's sleep included: what intervals are measured by.
  package var uptime: @Sendable () -> Duration
  /// Throws `CancellationError` when the task is cancelled.
  package var sleep: @Sendable (Duration) async throws -> Void

  package init(
    now: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void
  ) {
    self.now = now
    self.uptime = uptime
    self.sleep = sleep
  }

  package static let system: Time = {
    let start = ContinuousClock.now
    return Time(
      now: { Date() },
      uptime: { start.duration(to: .now) },
      sleep: { try await ContinuousClock().sleep(for: $0) })
  }()
}

extension Duration {
  /// In seconds, with fractions.
  package var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
