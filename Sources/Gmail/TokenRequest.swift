import Foundation
import Model
import Transfer

/// One exchange with the token endpoint (RFC 6749, section 5).
struct TokenRequest {
  private struct Success: Decodable {
    var access_token: String
    var expires_in: Double?
  }

  private struct Refusal: Decodable {
    var error: String
    var error_description: String?
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

  /// Errors: `.credentialInvalid` with Google's words holds the sender; `.unreachable`, `.serverError` and
  /// `.rateLimited` pass by themselves.
  func perform(on loop: TransferLoop) async throws(StageError) -> AccessToken {
    var request = TransferRequest(
      .post, credential.tokenURI, headers: [("Content-Type", "application/x-www-form-urlencoded")],
      body: .bytes(Data(try form().utf8)), deadline: .total(configuration.callTimeout))
    request.connectTimeout = configuration.connectTimeout
    // Several deliveries wait for this one token.
    request.hearsCancellation = false
    let askedAt = time.uptime()
    switch await loop.perform(request) {
    case .failure(let error): throw error.stageError(waiting: configuration.waitFloor)
    case .success(let answer): return try token(from: answer, askedAt: askedAt)
    }
  }

  func token(from answer: TransferResponse, askedAt: Duration) throws(StageError) -> AccessToken {
    if answer.status == 200, let success = try? JSONDecoder().decode(Success.self, from: answer.body) {
      let life = success.expires_in.map { Duration.seconds(min(max($0, 0), Self.longestLife)) } ?? Self.usualLife
      return AccessToken(secret: Secret(success.access_token), expiresAt: askedAt + life, credential: credential)
    }
    let text = "token endpoint: HTTP \(answer.status)"
    guard (400..<500).contains(answer.status),
      let refusal = try? JSONDecoder().decode(Refusal.self, from: answer.body),
      !Self.passing.contains(refusal.error)
    else { throw StageError(.serverError, text, .retry(after: nil)) }
    let words = [refusal.error, refusal.error_description].compactMap { $0 }.map(GmailError.shortened).joined(
      separator: ": ")
    if answer.status == 429 || Self.limits.contains(refusal.error) {
      throw StageError(.rateLimited, words, .wait(configuration.waitFloor))
    }
    throw StageError(.credentialInvalid, words, .hold(.sender))
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
