import Foundation
import Model
import Transfer

/// One exchange with the token endpoint (RFC 6749, section 5).
struct TokenRequest {
  private struct Grant: GmailResource {
    var access_token: String
    var token_type: String?
    var expires_in: Double?

    /// RFC 6750, section 2.1: what may stand behind "Bearer"; a bound, because Google's take some 250 bytes.
    var isPlausible: Bool {
      (1...8192).contains(access_token.utf8.count) && access_token.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        && token_type.map { $0.lowercased() == "bearer" } ?? true
    }
  }

  private struct ErrorReply: GmailResource {
    var error: String
    var error_description: String?

    var isPlausible: Bool { !error.isEmpty }
  }

  /// What an answer without `expires_in` is taken for; Google always says 3,599.
  private static let usualLife = Duration.seconds(3600)

  /// In seconds; a longer one is not believed.
  private static let longestLife = 86400.0

  /// Errors of the endpoint that pass; every other one is the credential's (RFC 6749, section 5.2).
  private static let passing = ["temporarily_unavailable", "server_error", "internal_failure"]
  private static let limits = ["rate_limit_exceeded", "slow_down"]

  var credential: Credential
  var configuration: GmailConfiguration
  var time: Time

  /// Errors concern the sender, not a delivery, so that none of them uses up an attempt. `.unreachable` (also where the
  /// connection broke off), `.serverError` and `.rateLimited` pass by themselves, and are waited for. `.credentialInvalid`
  /// with Google's words holds the sender; so does `.clockWrong`, because Google refuses what is signed in the past or in
  /// the future, and `.unreachable` where somebody else answers, with a page or a redirect: time does not mend these.
  func perform(on loop: TransferLoop) async throws(StageError) -> AccessToken {
    var request = TransferRequest(
      .post, credential.tokenURI, headers: [("Content-Type", "application/x-www-form-urlencoded")],
      body: .bytes(Data(try form().utf8)), deadline: .total(configuration.callTimeout))
    request.connectTimeout = configuration.connectTimeout
    // Several deliveries wait for this one token.
    request.hearsCancellation = false
    let askedAt = time.uptime()
    switch await loop.perform(request) {
    case .failure(let error):
      let error = error.stageError(waiting: configuration.waitFloor)
      guard case .retry = error.meaning else { throw error }
      throw StageError(error.code, error.detail, .wait(configuration.waitFloor))
    case .success(let answer): return try token(from: answer, askedAt: askedAt)
    }
  }

  func token(from answer: TransferResponse, askedAt: Duration) throws(StageError) -> AccessToken {
    if answer.status == 200, let grant = answer.resource(Grant.self) {
      let life = grant.expires_in.map { Duration.seconds(min(max($0, 0), Self.longestLife)) } ?? Self.usualLife
      return AccessToken(secret: Secret(grant.access_token), expiresAt: askedAt + life, credential: credential)
    }
    let text = "token endpoint: HTTP \(answer.status)"
    if answer.status == 429, !answer.isJSON { throw StageError(.rateLimited, text, .wait(configuration.waitFloor)) }
    // Google's own front end answers these as a page.
    guard answer.status < 500 else { throw StageError(.serverError, text, .wait(configuration.waitFloor)) }
    guard answer.isJSON else {
      throw StageError(.unreachable, "\(text), and not from Google: a proxy may have answered", .hold(.sender))
    }
    guard (400..<500).contains(answer.status), let refusal = answer.resource(ErrorReply.self),
      !Self.passing.contains(refusal.error)
    else { throw StageError(.serverError, text, .wait(configuration.waitFloor)) }
    if let error = clockError(of: refusal.error, answer) { throw error }
    let words = [refusal.error, refusal.error_description].compactMap { $0 }.map(GmailError.shortened).joined(
      separator: ": ")
    if answer.status == 429 || Self.limits.contains(refusal.error) {
      throw StageError(.rateLimited, words, .wait(configuration.waitFloor))
    }
    throw StageError(.credentialInvalid, words, .hold(.sender))
  }

  /// Only what we sign bears our time: a refresh token is as good by any clock.
  private func clockError(of refusal: String, _ answer: TransferResponse) -> StageError? {
    guard case .serviceAccount = credential, refusal == "invalid_grant", let date = answer.date else { return nil }
    let error = Duration.seconds(time.now().timeIntervalSince(date))
    guard error.isClockError else { return nil }
    return StageError(.clockWrong, "\(error > .zero ? "+" : "")\(Int(error.seconds.rounded())) s", .hold(.sender))
  }

  private func form() throws(StageError) -> String {
    switch credential {
    case .refreshToken(let clientID, let clientSecret, let refreshToken, _):
      return Self.encode([
        ("grant_type", "refresh_token"), ("client_id", clientID), ("client_secret", clientSecret.value),
        ("refresh_token", refreshToken.value),
      ])
    case .serviceAccount(let email, let keyID, let privateKey, let tokenURI):
      guard let mailbox = configuration.mailbox ?? configuration.from?.address else {
        throw StageError(
          .credentialInvalid, "\(configuration.credentialFile): a service account needs the setting mailbox",
          .hold(.sender))
      }
      let assertion = Assertion(
        issuer: email, subject: mailbox, scopes: configuration.scopes, audience: tokenURI.description, keyID: keyID)
      guard let signed = try? assertion.signed(with: privateKey, at: time.now()) else {
        throw StageError(
          .credentialInvalid, "\(configuration.credentialFile): private_key is no RSA key in PEM", .hold(.sender))
      }
      return Self.encode([("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", signed)])
    }
  }

  /// application/x-www-form-urlencoded.
  static func encode(_ fields: [(String, String)]) -> String {
    let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    let digits = Array("0123456789ABCDEF")
    return fields.map { name, value in
      name + "="
        + value.utf8.map { byte in
          plain.contains(byte)
            ? String(UnicodeScalar(byte)) : "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }.joined()
    }.joined(separator: "&")
  }
}

extension GmailConfiguration {
  /// What a service account asks for (https://developers.google.com/workspace/gmail/api/auth/scopes).
  var scopes: [String] {
    let root = "https://www.googleapis.com/auth/"
    return [root + "gmail.compose"] + (hasMetadataScope ? [root + "gmail.metadata"] : [])
  }
}
