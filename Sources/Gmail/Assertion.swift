import Foundation
import Model

/// The signed JWT with which a service account asks for a token (RFC 7523, section 2.1).
struct Assertion {
  /// The longest that Google accepts.
  static let lifeInSeconds = 3600

  private struct Header: Encodable {
    var alg = "RS256"
    var typ = "JWT"
    var kid: String?
  }

  private struct Claims: Encodable {
    var iss: String
    var sub: String
    var scope: String
    var aud: String
    var iat: Int
    var exp: Int
  }

  var issuer: String
  var subject: String
  var scopes: [String]
  var audience: String
  var keyID: String?

  /// Nil when the key cannot sign.
  func signed(with privateKey: Secret, at now: Date) throws -> String? {
    let issuedAt = Int(now.timeIntervalSince1970)
    let claims = Claims(
      iss: issuer, sub: subject, scope: scopes.joined(separator: " "), aud: audience, iat: issuedAt,
      exp: issuedAt + Self.lifeInSeconds)
    let head = Self.base64url(try WireJSON.encode(Header(kid: keyID)))
    let text = head + "." + Self.base64url(try WireJSON.encode(claims))
    guard let signature = RS256.sign(Data(text.utf8), privateKey: privateKey.value) else { return nil }
    return text + "." + Self.base64url(signature)
  }

  private static func base64url(_ data: Data) -> String {
    data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }
}
