import Foundation

/// The clocks that the program waits by, injected so that a test can turn them.
package struct Time: Sendable {
  /// Wall time: what is written down.
  package var now: @Sendable () -> Date
  /// Monotonic time since an arbitrary start, the machine's sleep included: what intervals are measured by.
  package var uptime: @Sendable () -> Duration
  /// Throws `CancellationError` when the task is cancelled.
  package var sleep: @Sendable (Duration) async throws -> Void
  /// Names what `uptime` counts from, for other processes too; nil: it can be compared within this process alone.
  package var boot: String?

  package init(
    now: @escaping @Sendable () -> Date, uptime: @escaping @Sendable () -> Duration,
    sleep: @escaping @Sendable (Duration) async throws -> Void, boot: String? = nil
  ) {
    self.now = now
    self.uptime = uptime
    self.sleep = sleep
    self.boot = boot
  }

  /// `uptime` is CLOCK_BOOTTIME (clock_gettime(2)), `boot` the kernel's boot_id (random(4)).
  package static let system = Time(
    now: { Date() },
    uptime: {
      var time = timespec()
      clock_gettime(CLOCK_BOOTTIME, &time)
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    },
    sleep: { try await ContinuousClock().sleep(for: $0) },
    boot: (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines))

  package var moment: Moment { Moment(wall: now(), uptime: uptime(), boot: boot) }
}

/// An instant by both clocks, to be written down: how long ago it was can be told after the wall clock was set, and
/// after a restart.
package struct Moment: Codable, Sendable, Hashable {
  package var wall: Date
  /// Since the boot, in whole milliseconds.
  package var uptimeInMilliseconds: Int64
  /// Of the machine; nil: only the wall time can be compared.
  package var boot: String?

  enum CodingKeys: String, CodingKey {
    case wall, boot
    case uptimeInMilliseconds = "uptime_ms"
  }

  package init(wall: Date, uptime: Duration, boot: String?) {
    self.wall = wall
    uptimeInMilliseconds = uptime.components.seconds * 1000 + uptime.components.attoseconds / 1_000_000_000_000_000
    self.boot = boot
  }

  /// How much time has passed until a later moment; nil: nobody can tell.
  ///
  /// Within one boot of the machine the monotonic clock decides, whatever was done to the wall clock. Across boots there
  /// is the wall clock alone, and it is believed only where what it says is possible: the result is not negative, and not
  /// less than the machine has been up since. A wall clock that was set back *between* two boots, by less than that,
  /// goes unnoticed.
  package func elapsed(until later: Moment) -> Duration? {
    if let boot, boot == later.boot {
      let elapsed = Duration.milliseconds(later.uptimeInMilliseconds - uptimeInMilliseconds)
      return elapsed >= .zero ? elapsed : nil
    }
    let elapsed = Duration.seconds(later.wall.timeIntervalSince(wall))
    let isOtherBoot = boot != nil && later.boot != nil
    let least = isOtherBoot ? Duration.milliseconds(later.uptimeInMilliseconds) : .zero
    return elapsed >= least ? elapsed : nil
  }
}

extension Duration {
  /// In seconds, with fractions.
  package var seconds: Double {
    let (seconds, attoseconds) = components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
