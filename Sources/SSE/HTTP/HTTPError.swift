import Control
import NIOHTTP1

/// Why a request is not done: a status, a code for programs, a text for people.
struct HTTPError: Error, Sendable {
  var status: HTTPResponseStatus
  var code: String
  var message: String
  var parameters: [String: JSON]
  var headers: HTTPHeaders

  init(
    _ status: HTTPResponseStatus, _ code: String, _ message: String, _ parameters: [String: JSON] = [:],
    headers: HTTPHeaders = [:]
  ) {
    self.status = status
    self.code = code
    self.message = message
    self.parameters = parameters
    self.headers = headers
  }

  static let notFound = HTTPError(.notFound, "NotFound", "there is nothing here")

  static func invalid(_ field: String) -> HTTPError {
    HTTPError(
      .badRequest, "InvalidRequest", "\(field): missing, unknown here, or not what it has to be",
      ["field": .string(field)])
  }

  static func methodNotAllowed(_ allowed: String) -> HTTPError {
    HTTPError(.methodNotAllowed, "MethodNotAllowed", "this takes \(allowed)", headers: ["Allow": allowed])
  }

  static let unauthorized = HTTPError(
    .unauthorized, "Unauthorized", "no session; `invoicectl web` prints an address that opens one",
    headers: ["WWW-Authenticate": "Bearer"])

  static func forbidden(_ reason: String) -> HTTPError { HTTPError(.forbidden, "Forbidden", reason) }

  static let daemonUnreachable = HTTPError(
    .serviceUnavailable, "DaemonUnreachable", "the daemon does not answer at the moment",
    headers: ["Retry-After": "2"])

  /// Those who are refused do not keep their connections, or they would take the place of others' requests.
  static let tooManyReaders = HTTPError(
    .serviceUnavailable, "TooManyReaders", "as many pages are open as this server permits",
    headers: ["Retry-After": "30", "Connection": "close"])

  /// For connections above the number that there may be.
  static let tooManyConnections = HTTPError(
    .serviceUnavailable, "TooManyConnections", "as many connections are open as this server permits",
    headers: ["Retry-After": "10", "Connection": "close"])

  /// What the daemon, or the way to it, answered.
  init(_ error: any Error) {
    switch error {
    case let refusal as HTTPError: self = refusal
    case let error as VarlinkError: self.init(error)
    case is VarlinkClient.Failure: self = .daemonUnreachable
    default: self.init(.internalServerError, "Failed", "this server failed; its journal says more")
    }
  }

  private init(_ error: VarlinkError) {
    let name = error.shortName
    let parameters: [String: JSON] = if case .object(let members) = error.parameters { members } else { [:] }
    switch name {
    case "InvalidParameter": self = .invalid(error.parameters["parameter"]?.string ?? "")
    case "NoSuchCode": self = .unauthorized
    case "StoreUnavailable", "ShuttingDown":
      self.init(.serviceUnavailable, name, "the daemon cannot do this now", parameters, headers: ["Retry-After": "2"])
    case "StageFailed": self.init(.unprocessableEntity, name, "the pipeline cannot do this", parameters)
    case "NoSuchInvoices":
      self.init(
        .unprocessableEntity, name, "some of these numbers are not to be found; nothing was started", parameters)
    case "NothingDue":
      self.init(.unprocessableEntity, name, "what matches is on hold, or was sent elsewhere", parameters)
    case "SeriesUndecided":
      self.init(
        .conflict, name, "the pipeline begins where another series has sent: `series` has to say how", parameters)
    case "ReplyTooLarge": self.init(.unprocessableEntity, name, "the answer would be too long", parameters)
    case "NothingMatched": self.init(.unprocessableEntity, name, "no invoice matches", parameters)
    case _ where name.hasPrefix("NoSuch"): self.init(.notFound, name, "there is no such thing", parameters)
    default: self.init(.conflict, name, "not in this state", parameters)
    }
  }
}
