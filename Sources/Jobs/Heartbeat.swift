import Model
import Synchronization

/// Whether the loops that begin all deliveries still turn: each says so at every turn, and turns now and then also when
/// there is nothing to do.
package final class Heartbeat: Sendable {
  /// A loop that has nothing to do turns again after this; nil: nobody asks.
  private let interval: Duration?
  private let time: Time
  private let beats = Mutex<[String: Duration]>([:])

  package init(every interval: Duration?, time: Time) {
    self.interval = interval
    self.time = time
  }

  /// The longest time since the last turn of a loop; nil: no loop runs.
  package var longestSilence: Duration? {
    let now = time.uptime()
    return beats.withLock { $0.values.min() }.map { now - $0 }
  }

  func beat(_ loop: String) { beats.withLock { $0[loop] = time.uptime() } }

  /// The loop has ended.
  func rest(_ loop: String) { beats.withLock { $0[loop] = nil } }

  /// The shorter one of a loop's own pause and the time within which it has to turn.
  func bounded(_ pause: Duration?) -> Duration? {
    guard let interval else { return pause }
    return min(pause ?? interval, interval)
  }
}
