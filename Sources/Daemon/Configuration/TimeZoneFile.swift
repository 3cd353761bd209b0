import Foundation
import Model

/// The tz database of the machine (tzset(3)), without ICU.
enum TimeZoneFile {
  static func exists(_ name: String) -> Bool {
    guard !name.isEmpty, !name.hasPrefix("/"), !name.contains("..") else { return false }
    var isFolder = ObjCBool(false)
    let isThere = FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/\(name)", isDirectory: &isFolder)
    return isThere && !isFolder.boolValue || name == "UTC"
  }

  /// Makes the zone that of the process. Changes the environment: before there is a second thread.
  static func use(_ name: String) {
    setenv("TZ", ":\(name)", 1)
    tzset()
  }

  /// The month of a time in the zone of the process, so many months later.
  static func period(of date: Date, months: Int = 0) -> Period {
    var (seconds, parts) = (time_t(date.timeIntervalSince1970.rounded(.down)), tm())
    localtime_r(&seconds, &parts)
    return Period(year: Int(parts.tm_year) + 1900, month: Int(parts.tm_mon) + 1 + months)
  }
}
