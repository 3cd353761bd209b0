import Foundation
import Gmail
import Testing
import Transfer

@Suite struct GmailErrorTests {
  private let now = Date(timeIntervalSince1970: 1_789_156_800)  // 2026-09-11T20:00:00Z

  private func error(
    _ status: Int, _ body: String, retryAfter: String? = nil, date: String? = nil, type: String = "application/json"
  ) -> GmailError {
    var headers = [(name: "Content-Type", value: type)]
    if let retryAfter { headers.append(("retry-after", retryAfter)) }
    if let date { headers.append(("date", date)) }
    return GmailError(TransferResponse(status: status, headers: headers, body: Data(body.utf8)), now: now)
  }

  private func body(_ code: Int, _ message: String, _ reason: String = "rateLimitExceeded") -> String {
    #"{"error":{"code":\#(code),"message":"\#(message)","errors":[{"domain":"x","reason":"\#(reason)"}]}}"#
  }

  @Test(
    "the time to wait is in the header, or after \"Retry after\" in the text",
    arguments: [
      ("7", "none", 7), ("Fri, 11 Sep 2026 20:01:00 GMT", "none", 60), ("0", "none", nil), ("-5", "none", nil),
      ("Fri, 11 Sep 2026 19:59:59 GMT", "none", nil), (nil, "Retry after 2026-09-11T19:59:59Z", nil),
      (nil, "Retry after 2026-09-11T20:00:00Z", nil), ("0", "Retry after 2026-09-11T20:00:30Z", 30),
      (nil, "User-rate limit exceeded.  Retry after 2026-09-11T20:00:30.000Z", 30),
      (nil, "Retry after 2026-09-11T22:00:30+02:00", 30),
      (nil, "Exceeded. Retry after 2026-09-11T20:00:30Z. (Mail sending)", 30),
      (nil, "Retry after 2026-09-11T20:00:30.000Z (Mail sending)", 30),
      ("5", "Retry after 2026-09-11T20:00:30Z", 5), (nil, "Retry after lunch", nil), (nil, "", nil),
      ("soon", "none", nil),
    ] as [(String?, String, Int?)])
  func hint(header: String?, message: String, seconds: Int?) {
    #expect(error(429, body(429, message), retryAfter: header).hint == seconds.map { .seconds($0) })
  }

  @Test("a time to wait for is measured by the clock that named it")
  func hintByTheirClock() {
    let words = body(429, "Retry after 2026-09-11T20:00:30Z")
    // This machine's clock says 20:00, and Google's half a minute earlier, or later than the time that it names.
    #expect(error(429, words, date: "Fri, 11 Sep 2026 19:59:30 GMT").hint == .seconds(60))
    #expect(error(429, words, date: "Fri, 11 Sep 2026 20:01:00 GMT").hint == nil)
    #expect(error(429, words, date: "soon").hint == .seconds(30))
  }

  @Test(
    "a time within the second of the answer names no wait: the answer may have been written after it",
    arguments: [("2026-09-11T20:00:00.400Z", nil), ("2026-09-11T20:00:01Z", nil), ("2026-09-11T20:00:02Z", 2)]
      as [(String, Int?)])
  func hintWithinResolution(time: String, seconds: Int?) {
    let answer = error(429, body(429, "Retry after \(time)"), date: "Fri, 11 Sep 2026 20:00:00 GMT")
    #expect(answer.hint == seconds.map { .seconds($0) })
  }

  @Test("a body counts as Google's only when it names the status of the answer")
  func googles() {
    #expect(error(403, body(403, "x")).isGoogles)
    #expect(!error(403, body(429, "x")).isGoogles)
    #expect(!error(403, body(403, "x"), type: "text/html").isGoogles)
    #expect(error(403, body(403, "x"), type: "Application/JSON; charset=UTF-8").isGoogles)
    for text in ["", "<html>", "{}", "[]", #"{"error":"invalid_grant"}"#, #"{"error":{}}"#, "null"] {
      #expect(!error(403, text).isGoogles, "\(text)")
    }
  }

  @Test("the reason decides, wherever it stands")
  func reasons() {
    let info = #"{"error":{"code":403,"message":"m","status":"PERMISSION_DENIED","#
    #expect(error(403, info + #""details":[{"reason":"ACCESS_TOKEN_SCOPE_INSUFFICIENT"}]}}"#).kind == .permission)
    #expect(
      error(403, info + #""details":[{"reason":"RATE_LIMIT_EXCEEDED"}]}}"#).kind == .limited(isMailSending: false))
    #expect(error(403, info + #""details":[{"@type":"x"}]}}"#).kind == .account)
    #expect(error(429, body(429, "x", "dailyLimitExceeded")).kind == .daily)
    #expect(error(429, body(429, "limit (Mail sending)")).kind == .limited(isMailSending: true))
    #expect(error(404, body(404, "x", "notFound")).kind == .notFound)
    #expect(error(404, body(404, "x", "other")).kind == .other)
    #expect(error(404, "Not Found").kind == .other)
  }

  @Test("Google's words are kept to a bound")
  func bound() {
    #expect(error(400, body(400, String(repeating: "x", count: 10_000))).message.count == 500)
    // One character to a reader, 20 KB to the store.
    let marks = "e" + String(repeating: "\u{301}", count: 10_000)
    #expect(error(400, body(400, marks, marks)).description.utf8.count < 4096)
    #expect(error(400, body(400, "", String(repeating: "x", count: 10_000))).description.utf8.count < 4096)
  }
}
