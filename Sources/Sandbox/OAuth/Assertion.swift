import Foundation

/// The JWT of a service account (RFC 7523), as Google checks it.
struct Assertion {
  struct Header: Decodable {
    let alg: String
    let kid: String?
  }

  struct Claims: Decodable {
    let iss: String
    let sub: String?
    let scope: String
    let aud: String
    let iat: Int
    let exp: Int
  }

  /// Google allows an hour, and clocks that differ by a few minutes.
  static let maximumLifetime = 3600
  static let clockTolerance = 300

  let claims: Claims

  /// Throws `invalid_grant` for a token that is malformed, not signed by this account, or out of its time.
  init(_ token: String, credentials: Credentials, at time: Date) throws(APIError) {
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let signature = Self.decode(parts[2]),
      let header = Self.json(Header.self, parts[0]), let claims = Self.json(Claims.self, parts[1])
    else { throw .invalidGrant("Invalid JWT: malformed token.") }
    guard claims.iss == credentials.serviceAccount else {
      throw .invalidGrant("Invalid grant: account not found")
    }
    let signed = Array("\(parts[0]).\(parts[1])".utf8)
    guard header.alg == "RS256", header.kid == nil || header.kid == credentials.keyID,
      credentials.serviceKey.verifies(Array(signature), of: signed)
    else { throw .invalidGrant("Invalid JWT Signature.") }
    guard claims.aud == credentials.tokenURI else { throw .invalidGrant("Invalid JWT: Failed audience check.") }
    let now = Int(time.timeIntervalSince1970)
    guard claims.iat <= now + Self.clockTolerance, claims.exp > now - Self.clockTolerance,
      claims.exp - claims.iat <= Self.maximumLifetime
    else {
      throw .invalidGrant(
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
          + "Check your iat and exp values in the JWT claim.")
    }
    self.claims = claims
  }

  private static func json<Value: Decodable>(_ type: Value.Type, _ part: Substring) -> Value? {
    decode(part).flatMap { try? JSONDecoder().decode(type, from: $0) }
  }

  private static func decode(_ part: Substring) -> Data? { Data(base64URL: String(part)) }
}

extension Data {
  /// RFC 4648, section 5, with padding or without.
  init?(base64URL text: String) {
    var text = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    text = text.trimmingCharacters(in: ["="])
    self.init(base64Encoded: text + String(repeating: "=", count: (4 - text.count % 4) % 4))
  }
}
