import CCurl
import Foundation

/// A time as HTTP writes it (RFC 9110, section 5.6.7).
package enum HTTPDate {
  /// Nil unless curl_getdate(3) understands it; it knows the three forms of the RFC.
  package static func date(of text: String) -> Date? {
    let seconds = curl_getdate(text, nil)
    return seconds < 0 ? nil : Date(timeIntervalSince1970: Double(seconds))
  }
}
