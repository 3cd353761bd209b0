import Model
import Testing

/// What a row of the outcome or error table leads to.
enum Expected: Sendable, Hashable {
  case sent
  case reject(ErrorCode)
  case hold(Hold.Kind, ErrorCode)
  case wait
  case unknown(ErrorCode)
  case missing(ErrorCode)
  case ask(ErrorCode)
  case retry(ErrorCode)

  init(_ outcome: SendOutcome) {
    switch outcome {
    case .sent: self = .sent
    case .unknown(let code, _): self = .unknown(code)
    case .missing(let code, _): self = .missing(code)
    case .ask(let code, _): self = .ask(code)
    case .notSent(let error):
      switch error.meaning {
      case .reject: self = .reject(error.code)
      case .hold(let kind): self = .hold(kind, error.code)
      case .wait: self = .wait
      case .retry: self = .retry(error.code)
      }
    }
  }
}

/// One row: what the server does to `drafts.send`, what that means, and how often the customer got the mail.
struct Row: Sendable, CustomTestStringConvertible {
  var name: String
  /// Rule of the sandbox's scenario, without its `on`.
  var rule: String
  var expected: Expected
  var delivered: Int

  init(_ name: String, _ rule: String, _ expected: Expected, delivered: Int = 0) {
    self.name = name
    self.rule = rule
    self.expected = expected
    self.delivered = delivered
  }

  var testDescription: String { name }

  static func status(_ status: Int, _ reason: String, _ message: String = "words", _ more: String = "") -> String {
    #""do":"status","status":\#(status),"reason":"\#(reason)","message":"\#(message)"\#(more)"#
  }

  static func html(_ status: Int) -> String { #""do":"status","status":\#(status),"html":true"# }

  static let all: [Row] = [
    Row("2xx", "", .sent, delivered: 1),
    Row("2xx with an unreadable body", #""do":"unreadable""#, .unknown(.answerLost), delivered: 1),
    Row("2xx that breaks off", #""do":"truncate""#, .unknown(.answerLost), delivered: 1),
    Row("2xx of a proxy, not executed", #""do":"block_page""#, .unknown(.answerLost)),
    Row("2xx of a proxy, executed", #""do":"block_page","execute":true"#, .unknown(.answerLost), delivered: 1),
    Row(
      "2xx of somebody else in JSON", #""do":"status","status":200,"body":"{\"blocked\":true}""#, .unknown(.answerLost)),
    Row("400 recipient", status(400, "invalidArgument", "Recipient address required"), .reject(.recipientRefused)),
    Row("400 header", status(400, "invalidArgument", "Invalid Cc header"), .reject(.recipientRefused)),
    Row("400 else", status(400, "badRequest", "Invalid MIME message"), .reject(.messageRefused)),
    Row("400 failedPrecondition", status(400, "failedPrecondition"), .hold(.sender, .accountRefused)),
    Row("400 as HTML", html(400), .unknown(.answerLost)),
    Row("401 twice", status(401, "authError", "words", #","times":2"#), .hold(.sender, .credentialInvalid)),
    Row("401 once", status(401, "authError"), .sent, delivered: 1),
    Row("401 as HTML", html(401), .unknown(.answerLost)),
    Row("403 userRateLimitExceeded", status(403, "userRateLimitExceeded"), .wait),
    Row("403 rateLimitExceeded", status(403, "rateLimitExceeded"), .wait),
    Row("403 quotaExceeded", status(403, "quotaExceeded"), .wait),
    Row("403 dailyLimitExceeded", status(403, "dailyLimitExceeded"), .hold(.daily, .dailyLimit)),
    Row("403 domainPolicy", status(403, "domainPolicy"), .hold(.sender, .accountRefused)),
    Row("403 insufficientPermissions", status(403, "insufficientPermissions"), .hold(.sender, .permissionMissing)),
    Row("403 accessNotConfigured", status(403, "accessNotConfigured"), .hold(.sender, .permissionMissing)),
    Row("403 delegation denied", status(403, "forbidden", "Delegation denied"), .hold(.sender, .accountRefused)),
    Row("403 as HTML", html(403), .unknown(.answerLost)),
    Row("404 on the first attempt", status(404, "notFound"), .missing(.serverError)),
    Row("404 as HTML", html(404), .unknown(.answerLost)),
    Row("409", status(409, "aborted"), .unknown(.answerLost)),
    Row("413", status(413, "uploadTooLarge"), .reject(.messageTooLarge)),
    Row("413 as HTML", html(413), .unknown(.answerLost)),
    Row("429", status(429, "rateLimitExceeded"), .wait),
    Row("429 with Retry-After", status(429, "rateLimitExceeded", "words", #","retry_after":1"#), .wait),
    Row("429 with a time in the text", status(429, "rateLimitExceeded", "words", #","retry_in_text":0.2"#), .wait),
    Row("429 mail sending", status(429, "rateLimitExceeded", "(Mail sending)"), .wait),
    Row("429 as HTML", html(429), .unknown(.answerLost)),
    Row("500", status(500, "backendError"), .unknown(.serverError)),
    Row("503 after accepting", #""do":"accept_then_status","status":503"#, .unknown(.serverError), delivered: 1),
    Row("302", #""do":"status","status":302,"body":"""#, .unknown(.answerLost)),
    Row("dropped before", #""do":"drop_before""#, .unknown(.answerLost)),
    Row("dropped after", #""do":"drop_after""#, .unknown(.answerLost), delivered: 1),
    Row("stall", #""do":"stall","ms":3000"#, .unknown(.answerLost)),
    Row("stall after accepting", #""do":"stall","ms":3000,"execute":true"#, .unknown(.answerLost), delivered: 1),
  ]
}
