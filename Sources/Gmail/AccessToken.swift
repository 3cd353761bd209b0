/// A bearer token, and what it was bought with.
package struct AccessToken: Sendable, Hashable {
  package var secret: Secret
  /// In the time of `Time.uptime`.
  package var expiresAt: Duration
  package var credential: Credential
}
