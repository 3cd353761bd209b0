import Foundation

/// One way to be nasty: to which call, how often, how. Its JSON is what tests send; docs/sandbox.md explains it.
struct Rule: Codable, Sendable {
  enum Action: String, Codable, Sendable {
    /// Answer with an error, do nothing.
    case status
    /// Do it, then answer with an error.
    case acceptThenStatus = "accept_then_status"
    /// Reset the connection, do nothing.
    case dropBefore = "drop_before"
    /// Do it, then reset the connection.
    case dropAfter = "drop_after"
    /// Do it, answer half of the body, close.
    case truncate
    /// Say nothing for `ms`, then reset the connection; do it only with `execute`.
    case stall
    /// Do it, answer 200 with a body that is no JSON.
    case unreadable
    /// Answer 200 with a page of HTML, as a proxy or a hotel's network does in Gmail's place; do it only with `execute`.
    case blockPage = "block_page"
    /// Do it, answer one byte of the body each `ms`.
    case drip
    /// Answer with an error, do it `ms` later.
    case executeLater = "execute_later"
    /// Look for the draft, wait `ms`, and deliver it whatever happened to it meanwhile: two in flight both deliver.
    case race
    /// Answer drafts.get as before the draft was sent, deleted or edited.
    case stale
  }

  enum CodingKeys: String, CodingKey {
    case on, times, skip, recipient, status, reason, message, html, body, ms, execute
    case action = "do"
    case retryAfter = "retry_after"
    case retryInText = "retry_in_text"
  }

  var on: Call
  var action: Action
  /// How many calls it is for (default 1), after letting `skip` of them pass (default 0).
  var times: Int?
  var skip: Int?
  /// Only mails to this address count.
  var recipient: String?

  /// The error: HTTP status (default 503), reason and message in Gmail's JSON, or a page of HTML, or `body` as it is.
  var status: Int?
  var reason: String?
  var message: String?
  var html: Bool?
  var body: String?
  /// In seconds: the header Retry-After.
  var retryAfter: Int?
  /// In seconds from now: "Retry after TIME" within the message.
  var retryInText: Double?

  /// For `stall`, `drip`, `race` and `execute_later`; default 1000.
  var ms: Int?
  var execute: Bool?

  var pause: Duration { .milliseconds(ms ?? 1000) }

  /// - Parameter clock: of the answer.
  func refusal(of call: Call, by clock: ServerClock) -> APIError {
    let status = status ?? 503
    let reason = reason ?? "backendError"
    var text = message ?? "Backend Error"
    if let retryInText { text += APIError.retryAfter(clock.now.addingTimeInterval(retryInText)) }
    let refusal: APIError =
      call == .token ? .oauth(reason, text, status: status) : .gmail(status, reason, text)
    var response = html == true ? Response.html(status, text) : refusal.response
    if let body { response.body = Data(body.utf8) }
    if let retryAfter { response.headers.append(("retry-after", String(retryAfter))) }
    return APIError(response: response, reason: reason)
  }
}
