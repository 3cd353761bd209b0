import Foundation

/// An address that secrets may be sent to: https, or http to a loopback address where that is explicitly allowed.
///
/// It is cut up with Foundation's reading of RFC 3986, which is asked to mend nothing: libcurl gets the text as it stands.
/// A user, a password or a fragment in it is refused.
package struct TrustedURL: Sendable, Hashable, CustomStringConvertible {
  package let description: String
  /// Whether the other side is this machine (127.0.0.0/8, ::1 or localhost).
  package let isLoopback: Bool
  package let isEncrypted: Bool

  /// Nil unless the text is an absolute https URL with a host, or such an http URL of a loopback address and
  /// `allowsLoopback` is set.
  package init?(_ text: String, allowsLoopback: Bool = false) {
    guard let parts = URLComponents(string: text, encodingInvalidCharacters: false),
      let scheme = parts.scheme?.lowercased(),
      let host = parts.host?.lowercased(), !host.isEmpty, parts.user == nil, parts.password == nil,
      parts.fragment == nil
    else { return nil }
    isLoopback = Self.isLoopback(host)
    isEncrypted = scheme == "https"
    guard isEncrypted || (scheme == "http" && isLoopback && allowsLoopback) else { return nil }
    description = text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  /// - Parameter text: an https address that stands in the source code; it is not looked at.
  package init(known text: String) {
    description = text
    isLoopback = false
    isEncrypted = true
  }

  private init(_ text: String, like other: TrustedURL) {
    description = text
    isLoopback = other.isLoopback
    isEncrypted = other.isEncrypted
  }

  /// - Parameter path: begins with a slash; already percent-encoded, with its query.
  package func appending(_ path: String) -> TrustedURL { TrustedURL(description + path, like: self) }

  private static func isLoopback(_ host: String) -> Bool {
    if ["localhost", "::1", "[::1]"].contains(host) { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    // As a number is written, and no other way: `UInt8` takes a sign and noughts in front, and libcurl takes these for an
    // octal number, or for a name that it asks the DNS for.
    let isNumber = { (part: Substring) in UInt8(part).map(String.init) == String(part) }
    return parts.count == 4 && parts.allSatisfy(isNumber) && parts[0] == "127"
  }
}
