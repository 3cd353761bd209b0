import Foundation

/// `POST /token`: refresh tokens (RFC 6749, section 6) and signed assertions (RFC 7523).
struct TokenEndpoint: Sendable {
  private struct Grant: Encodable {
    let accessToken: String
    let lifetimeInSeconds: Int
    let scope: String
    let type = "Bearer"

    enum CodingKeys: String, CodingKey {
      case accessToken = "access_token"
      case lifetimeInSeconds = "expires_in"
      case scope
      case type = "token_type"
    }
  }

  /// Far more than an assertion needs.
  private static let maximumFormBytes = 64 * 1024

  let account: String
  /// What the user, or the domain's administrator, has allowed.
  let scopes: Set<String>
  let credentials: Credentials
  let tokens: Tokens
  let clock: ServerClock

  func prepare(_ request: Request, body: inout RequestStream) async throws -> PreparedCall {
    guard request.contentType == "application/x-www-form-urlencoded",
      let bytes = try await body.collect(limit: Self.maximumFormBytes)
    else { throw APIError.oauth("invalid_request", "Bad Request", status: 400) }
    let form = Self.form(String(decoding: bytes, as: UTF8.self))
    return PreparedCall { [self] () throws(APIError) in
      let scopes = try grantedScopes(form)
      let token = tokens.issue(scopes: scopes)
      let scope = scopes.sorted().joined(separator: " ")
      // As Google: a second less than the whole, for the way back.
      let grant = Grant(accessToken: token, lifetimeInSeconds: max(0, tokens.lifetime - 1), scope: scope)
      return .init(.json(grant))
    }
  }

  private func grantedScopes(_ form: [String: String]) throws(APIError) -> Set<String> {
    switch form["grant_type"] {
    case "refresh_token":
      guard form["client_id"] == credentials.clientID, form["client_secret"] == credentials.clientSecret else {
        throw .oauth("invalid_client", "The OAuth client was not found.", status: 401)
      }
      guard form["refresh_token"] == credentials.refreshToken else { throw .invalidGrant("Bad Request") }
      guard !tokens.isRefreshTokenRevoked else { throw .invalidGrant("Token has been expired or revoked.") }
      return scopes
    case "urn:ietf:params:oauth:grant-type:jwt-bearer":
      let claims = try Assertion(form["assertion"] ?? "", credentials: credentials, at: clock.now).claims
      let asked = Set(claims.scope.split(separator: " ").map(String.init))
      guard claims.sub == account, !asked.isEmpty, asked.isSubset(of: scopes) else { throw .delegationMissing }
      return asked
    default:
      throw .oauth("unsupported_grant_type", "Invalid grant_type: \(form["grant_type"] ?? "")", status: 400)
    }
  }

  private static func form(_ text: String) -> [String: String] {
    let pairs = text.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
        let spaced = part.replacingOccurrences(of: "+", with: " ")
        return spaced.removingPercentEncoding ?? spaced
      }
      return (parts[0], parts.count > 1 ? parts[1] : "")
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}
