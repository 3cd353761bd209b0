import Foundation

/// Names of users (getpwuid_r(3)).
enum UserDatabase {
  /// The user's name, or the number where there is none.
  static func name(of uid: UInt32) -> String {
    var (record, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
    var buffer = [CChar](repeating: 0, count: 4096)
    guard getpwuid_r(uid, &record, &buffer, buffer.count, &found) == 0, found != nil, let name = record.pw_name else {
      return String(uid)
    }
    return String(cString: name)
  }
}
