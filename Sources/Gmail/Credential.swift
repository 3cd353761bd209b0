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

/// A bearer token, and what it was bought with.
package struct AccessToken: Sendable, Hashable {
  package var secret: Secret
  /// In the time of `Time.uptime`.
  package var expiresAt: Duration
  package var credential: Credential
}

/// A text that is never printed: not in a description, not in an error, not by reflection.
package struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// For the request or signature that needs it, and nothing else.
  package let value: String

  package init(_ value: String) { self.value = value }

  package var description: String { "(secret)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
