import Foundation

/// The refusals of Gmail's API, word by word where its words are known.
extension APIError {
  static let mailSending = "(Mail sending)"

  static func gmail(
    _ status: Int, _ reason: String, _ message: String, detail: String? = nil, location: String? = nil
  ) -> APIError {
    let body = ErrorBody(status: status, reason: reason, message: message, detail: detail, location: location)
    return APIError(response: .json(body, status: status), reason: reason)
  }

  static var invalidCredentials: APIError {
    gmail(
      401, "authError",
      "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        + "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
      location: "Authorization")
  }

  static var insufficientScope: APIError {
    gmail(
      403, "insufficientPermissions", "Request had insufficient authentication scopes.",
      detail: "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
  }

  static func delegationDenied(_ account: String) -> APIError {
    gmail(403, "forbidden", "Delegation denied for \(account)")
  }

  static var notFound: APIError { gmail(404, "notFound", "Requested entity was not found.") }

  static func invalidHeader(_ name: String) -> APIError { gmail(400, "invalidArgument", "Invalid \(name) header") }
  static var recipientRequired: APIError { gmail(400, "invalidArgument", "Recipient address required") }
  static var tooManyRecipients: APIError { gmail(400, "invalidArgument", "Too many recipients") }
  static var malformedMail: APIError { gmail(400, "invalidArgument", "Invalid MIME message") }
  static func badRequest(_ message: String) -> APIError { gmail(400, "badRequest", message) }

  static var quota: APIError {
    gmail(
      403, "rateLimitExceeded",
      "Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service "
        + "'gmail.googleapis.com' for consumer 'project_number:100000000001'.",
      detail: "RATE_LIMIT_EXCEEDED")
  }

  static var tooManyAtOnce: APIError { gmail(429, "rateLimitExceeded", "Too many concurrent requests for user") }

  static func userRateLimit(until time: Date) -> APIError {
    gmail(403, "userRateLimitExceeded", "User-rate limit exceeded.\(retryAfter(time))")
  }

  static func mailSendingLimit(until time: Date) -> APIError {
    gmail(429, "rateLimitExceeded", "User-rate limit exceeded.\(retryAfter(time)) \(mailSending)")
  }

  static var dailyLimit: APIError { gmail(403, "dailyLimitExceeded", "Daily Limit Exceeded") }

  /// Too much for Gmail itself: its front end answers, not in JSON.
  static var tooLarge: APIError {
    APIError(
      response: .html(413, "Your client issued a request that was too large."), reason: "uploadTooLarge")
  }

  /// The sandbox's own trouble, a full disk for instance; said on its standard error too.
  static func backend(_ error: any Error) -> APIError {
    FileHandle.standardError.write(Data("invoiced-sandbox: \(error)\n".utf8))
    return gmail(500, "backendError", "Backend Error")
  }

  /// Google writes two spaces before it.
  static func retryAfter(_ time: Date) -> String { "  Retry after \(time.timestamp)" }
}

extension Date {
  /// RFC 3339 in UTC with milliseconds.
  var timestamp: String { formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
}
