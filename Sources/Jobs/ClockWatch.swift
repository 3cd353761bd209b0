import Foundation
import Model
import Store

/// Notices when the wall clock is set back, and has the store end what only the wrong clock was the cause of: without it a
/// clock that ran ahead by a month for a minute would hold a sender for the month.
///
/// What waits in memory goes by the monotonic clock, and needs nobody.
struct ClockWatch: Sendable {
  /// Between two looks. Holds and waits that people notice are longer.
  static let interval = Duration.seconds(45)
  /// Smaller steps are those by which a clock is corrected all the time.
  private static let tolerance: TimeInterval = 60

  let store: Store
  let time: Time
  /// How long a job may have lain still and go on by itself; nil: however long.
  let resumeWithin: Duration?

  /// Runs until the task is cancelled.
  func run() async {
    var ahead = aheadOfUptime
    while (try? await time.sleep(Self.interval)) != nil {
      let now = aheadOfUptime
      guard now < ahead - Self.tolerance else {
        ahead = now
        continue
      }
      // A store in trouble is asked again after the next interval.
      if (try? await store.settleClock(resumeWithin: resumeWithin)) != nil { ahead = now }
    }
  }

  /// Of the wall clock, in seconds: the same as long as nobody sets it.
  private var aheadOfUptime: TimeInterval { time.now().timeIntervalSince1970 - time.uptime().seconds }
}
