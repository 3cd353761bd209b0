import Transfer

/// What tokens are bought with: a user's consent, or a service account's key.
package enum Credential: Sendable, Hashable {
  /// The refresh-token grant (RFC 6749, section 6).
  case refreshToken(clientID: String, clientSecret: Secret, refreshToken: Secret, tokenURI: TrustedURL)
  /// The JWT grant (RFC 7523), for a mailbox that a Workspace administrator delegated to it.
  case serviceAccount(email: String, keyID: String?, privateKey: Secret, tokenURI: TrustedURL)

  package var tokenURI: TrustedURL {
    switch self {
    case .refreshToken(_, _, _, let uri), .serviceAccount(_, _, _, let uri): uri
    }
  }
}
