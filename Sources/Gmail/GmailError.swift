import Foundation
import Model
import Transfer

/// An answer of the Gmail API other than 2xx, read by its reason rather than by its status alone.
package struct GmailError: Sendable, Hashable, CustomStringConvertible {
  /// What it is about; the same for every call.
  package enum Kind: Sendable, Hashable {
    /// Something in this message: an address, or else.
    case recipient, message, tooLarge
    /// The account, the token's permissions, or the token.
    case account, permission, credential
    case limited(isMailSending: Bool)
    case daily
    /// Google's own `notFound`, never another's 404.
    case notFound
    case server
    case other
  }

  /// Google's words go to people and into the store: so much of each text. In scalars, not in characters: one of those
  /// may have any number of marks.
  private static let maximumLength = 500

  package var status: Int
  /// `errors[].reason` and `details[].reason`, and the canonical `status`.
  package var reasons: [String]
  package var message: String
  /// False: the body was no JSON by its content type, HTML, empty, or of somebody between Google and us. It proves nothing
  /// about a send.
  package var isGoogles: Bool
  /// The wait that Google names, from the answer on: positive, and unbounded as it came. A time that is not in the future
  /// names none.
  package var hint: Duration?

  /// What a time that is named is measured by.
  private struct Clock {
    var now: Date
    /// `Date` has whole seconds: the answer was written up to so much later, and only what is beyond is in the future.
    var resolution: Duration

    /// Nil: the time is not in the future, as far as can be told.
    func wait(until time: Date?) -> Duration? {
      guard let time else { return nil }
      let wait = Duration.seconds(time.timeIntervalSince(now))
      return wait > resolution ? wait : nil
    }
  }

  private struct Body: Decodable {
    struct Item: Decodable { var reason: String? }

    struct Fields: Decodable {
      var code: Int?
      var message: String?
      var status: String?
      var errors: [Item]?
      var details: [Item]?
    }

    var error: Fields
  }

  /// - Parameter now: for a wait that is named as a time, unless the answer has a `Date`: both are of Google's clock then,
  ///   and this machine's may be wrong.
  package init(_ answer: TransferResponse, now: Date) {
    status = answer.status
    let fields = answer.isJSON ? (try? JSONDecoder().decode(Body.self, from: answer.body))?.error : nil
    isGoogles = fields?.code == answer.status
    reasons = ((fields?.errors ?? []) + (fields?.details ?? [])).compactMap(\.reason).map(Self.shortened)
    if let status = fields?.status { reasons.append(Self.shortened(status)) }
    message = Self.shortened(fields?.message ?? "")
    let clock = answer.date.map { Clock(now: $0, resolution: .seconds(1)) } ?? Clock(now: now, resolution: .zero)
    hint = [Self.hint(answer.header("Retry-After"), clock), Self.hint(inText: message, clock)]
      .compactMap { $0 }.first { $0 > .zero }
  }

  /// The beginning of a text of Google's.
  static func shortened(_ text: String) -> String {
    String(Substring(text.unicodeScalars.prefix(maximumLength)))
  }

  package var description: String {
    let words = message.isEmpty ? "no explanation" : message
    return reasons.first.map { "HTTP \(status) \($0): \(words)" } ?? "HTTP \(status): \(words)"
  }

  package var kind: Kind {
    switch status {
    case 400 where isGoogles:
      if has("failedPrecondition", "FAILED_PRECONDITION") { return .account }
      return concernsRecipient ? .recipient : .message
    case 401 where isGoogles: return .credential
    case 403 where isGoogles, 429:
      if has("dailyLimitExceeded") { return .daily }
      let limits = [
        "userRateLimitExceeded", "rateLimitExceeded", "quotaExceeded", "RATE_LIMIT_EXCEEDED", "RESOURCE_EXHAUSTED",
      ]
      if status == 429 || limits.contains(where: reasons.contains) {
        return .limited(isMailSending: message.contains("(Mail sending)"))
      }
      return has("insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "accessNotConfigured")
        ? .permission : .account
    case 404 where isGoogles && has("notFound", "NOT_FOUND"): return .notFound
    case 413: return .tooLarge
    case 500...599: return .server
    default: return .other
    }
  }

  private func has(_ names: String...) -> Bool { names.contains(where: reasons.contains) }

  /// "Invalid To header", "Recipient address required".
  private var concernsRecipient: Bool {
    let words = message.lowercased()
    return words.contains("recipient") || ["to", "cc", "bcc"].contains { words.contains("invalid \($0) header") }
  }

  /// Retry-After in seconds or as a date (RFC 9110, section 10.2.3).
  private static func hint(_ header: String?, _ clock: Clock) -> Duration? {
    guard let header else { return nil }
    if let seconds = Int(header) { return .seconds(seconds) }
    return clock.wait(until: HTTPDate.date(of: header))
  }

  /// The time after "Retry after" in Google's words.
  private static func hint(inText message: String, _ clock: Clock) -> Duration? {
    guard let range = message.range(of: "Retry after ") else { return nil }
    let rest = message[range.upperBound...].drop { $0 == " " }
    let time = rest.prefix { !$0.isWhitespace && $0 != "(" }
    // A full stop may follow.
    return clock.wait(until: WireJSON.date(of: String(time)) ?? WireJSON.date(of: String(time.dropLast())))
  }
}

extension GmailError {
  /// What it means for a delivery; a send has to ask first whether the answer proves anything.
  ///
  /// - Parameter wait: the time for which the account's gate is closed.
  package func stageError(waiting wait: Duration) -> StageError {
    let (code, meaning): (ErrorCode, StageError.Meaning) =
      switch kind {
      case .recipient: (.recipientRefused, .reject)
      case .message: (.messageRefused, .reject)
      case .tooLarge: (.messageTooLarge, .reject)
      case .account: (.accountRefused, .hold(.sender))
      case .permission: (.permissionMissing, .hold(.sender))
      case .credential: (.credentialInvalid, .hold(.sender))
      case .limited: (.rateLimited, .wait(wait))
      case .daily: (.dailyLimit, .hold(.daily))
      case .notFound, .server, .other: (.serverError, .retry(after: nil))
      }
    return StageError(code, description, meaning)
  }
}

extension TransferError {
  /// The host was not reached, which concerns every call.
  var isUnreachable: Bool {
    switch cause {
    case .curl: !mayHaveArrived && !isCertificateFailure
    case .stalled, .answerTooLarge, .body, .cancelled, .shutDown: false
    }
  }

  /// What it means for anything but a send.
  ///
  /// A host that cannot be reached counts as no attempt, however long that lasts: `waiting` says how long to wait.
  func stageError(waiting: Duration) -> StageError {
    switch cause {
    case .body(let error): return error
    case .cancelled, .shutDown: return StageError(.unreachable, description, .wait(waiting))
    case .curl, .stalled, .answerTooLarge: break
    }
    if isCertificateFailure { return StageError(.unreachable, description, .hold(.sender)) }
    return StageError(.unreachable, description, mayHaveArrived ? .retry(after: nil) : .wait(waiting))
  }
}
