import Foundation

/// RFC 5322's date-time in UTC, such as `Sun, 22 Nov 2026 15:04:05 +0000`.
enum MailDate {
  private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  static func text(of date: Date) -> String {
    // Years 1900 to 9999: what RFC 5322 can say.
    let seconds = min(max(date.timeIntervalSince1970, -2_208_988_800), 253_402_300_799)
    var time = time_t(seconds.rounded(.down))
    var parts = tm()
    gmtime_r(&time, &parts)
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return """
      \(weekdays[Int(parts.tm_wday)]), \(parts.tm_mday) \(months[Int(parts.tm_mon)]) \(1900 + parts.tm_year) \
      \(clock.joined(separator: ":")) +0000
      """
  }
}
