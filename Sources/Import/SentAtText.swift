import Foundation

/// The time at which another system sent an invoice.
enum SentAtText {
  /// RFC 3339, section 5.6 (a blank for the `T` too), or a date alone, which means its midnight in UTC.
  ///
  /// Nil for anything else, for days that the calendar does not have, and for leap seconds.
  static func read(_ text: String) -> Date? {
    var scanner = Scanner(bytes: text.utf8[...])
    guard let year = scanner.number(4), scanner.take("-"), let month = scanner.number(2), scanner.take("-"),
      let day = scanner.number(2), let days = daysSince1970(year: year, month: month, day: day)
    else { return nil }
    let midnight = Double(days) * 86_400
    if scanner.bytes.isEmpty { return Date(timeIntervalSince1970: midnight) }
    guard scanner.take("T") || scanner.take("t") || scanner.take(" "),
      let hour = scanner.number(2), hour < 24, scanner.take(":"),
      let minute = scanner.number(2), minute < 60, scanner.take(":"),
      let second = scanner.number(2), second < 60,
      let fraction = scanner.fraction(), let offset = scanner.offset(), scanner.bytes.isEmpty
    else { return nil }
    return Date(timeIntervalSince1970: midnight + Double(hour * 3600 + minute * 60 + second - offset) + fraction)
  }

  /// In the Gregorian calendar, counted by eras of 400 years that begin on 1 March.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int? {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard (1...12).contains(month), (1...lengths[month - 1]).contains(day), year > 0 else { return nil }
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
  }

  private struct Scanner {
    var bytes: Substring.UTF8View

    mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard bytes.first == UInt8(ascii: character) else { return false }
      bytes.removeFirst()
      return true
    }

    mutating func number(_ digits: Int) -> Int? {
      var value = 0
      for _ in 0..<digits {
        guard let byte = bytes.popFirst(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return value
    }

    /// In seconds; 0 where there is none.
    mutating func fraction() -> Double? {
      guard take(".") else { return 0 }
      let digits = bytes.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      bytes = bytes.dropFirst(digits.count)
      return digits.isEmpty ? nil : Double("0." + String(Substring(digits)))
    }

    /// East of Greenwich, in seconds.
    mutating func offset() -> Int? {
      if take("Z") || take("z") { return 0 }
      let isWest = take("-")
      guard isWest || take("+"), let hours = number(2), hours < 24, take(":"), let minutes = number(2), minutes < 60
      else { return nil }
      let seconds = hours * 3600 + minutes * 60
      return isWest ? -seconds : seconds
    }
  }
}
