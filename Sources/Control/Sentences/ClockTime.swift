import Foundation

/// Times of the clock, as people read them; in the zone of the process (localtime_r(3)), without ICU.
package enum ClockTime {
  /// `12:34`, and `2026-11-23 12:34` on another day than the reader's.
  package static func text(of date: Date, seen now: Date) -> String {
    let (time, today) = (parts(of: date), parts(of: now))
    let clock = String(format: "%02d:%02d", Int(time.tm_hour), Int(time.tm_min))
    if (time.tm_year, time.tm_yday) == (today.tm_year, today.tm_yday) { return clock }
    return String(format: "%04d-%02d-%02d ", Int(time.tm_year) + 1900, Int(time.tm_mon) + 1, Int(time.tm_mday)) + clock
  }

  private static func parts(of date: Date) -> tm {
    var (seconds, parts) = (time_t(date.timeIntervalSince1970.rounded(.down)), tm())
    localtime_r(&seconds, &parts)
    return parts
  }
}
