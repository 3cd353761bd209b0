import Foundation
import Synchronization

/// The access tokens that were given out, and whether the refresh token still stands.
final class Tokens: Sendable {
  private struct Grant {
    let scopes: Set<String>
    let end: ContinuousClock.Instant
  }

  private struct State {
    var grants: [String: Grant] = [:]
    var refreshTokenRevoked = false
  }

  /// In seconds.
  let lifetime: Int
  private let state = Mutex(State())

  init(lifetime: Int) { self.lifetime = lifetime }

  /// A new access token. Expired ones are forgotten on the way.
  func issue(scopes: Set<String>) -> String {
    let token = "ya29.sandbox-" + Identifier.hex(32)
    let now = ContinuousClock.now
    state.withLock { state in
      state.grants = state.grants.filter { $0.value.end > now }
      state.grants[token] = Grant(scopes: scopes, end: now + .seconds(lifetime))
    }
    return token
  }

  /// What a token may do; nil when it is unknown or expired.
  func scopes(of token: String) -> Set<String>? {
    state.withLock { state in
      guard let grant = state.grants[token], grant.end > .now else { return nil }
      return grant.scopes
    }
  }

  /// Ends all access tokens at once.
  func expireAll() { state.withLock { $0.grants = [:] } }

  /// Ends the refresh token, and all access tokens with it.
  func revoke() { state.withLock { $0 = State(refreshTokenRevoked: true) } }

  var isRefreshTokenRevoked: Bool { state.withLock { $0.refreshTokenRevoked } }
}
