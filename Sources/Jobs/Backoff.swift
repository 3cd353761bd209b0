import Model

/// When a failed attempt is repeated: truncated exponential back-off with full jitter.
///
/// Before try n + 1 the wait is a random time between zero and min(limit, first · 2^(n−1)): with the defaults at most
/// 1 s, 2 s, 4 s, 8 s, and then the delivery fails.
package struct Backoff: Sendable, Hashable {
  /// Attempts of a delivery in all; at least 1.
  package var attempts: Int
  package var first: Duration
  package var limit: Duration

  package init(attempts: Int = 5, first: Duration = .seconds(1), limit: Duration = .seconds(64)) {
    self.attempts = attempts
    self.first = first
    self.limit = limit
  }

  /// The longest wait after this many failures.
  package func ceiling(after failures: Int) -> Duration {
    let doublings = min(max(0, failures - 1), 30)
    return min(limit, first * (1 << doublings))
  }

  package func wait(after failures: Int) -> Duration {
    ceiling(after: failures) * Double.random(in: 0...1)
  }
}
