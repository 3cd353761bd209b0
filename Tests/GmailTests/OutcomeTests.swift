import Foundation
import Gmail
import Model
import Testing
import Transfer

/// What the network cannot be made to do at will: the ends of `drafts.send` without an answer.
@Suite struct OutcomeTests {
  private let token = DraftToken(
    apiRoot: "https://a.example", account: "a@example.com", draft: "r-1", message: "m", thread: "t", key: "s.1.1",
    sha256: "")

  private func expected(_ answer: GmailAnswer) -> Expected {
    Expected(GmailReply(answer, wait: .seconds(3)).outcome(of: token, after: .none, now: Date()))
  }

  @Test(
    "once a byte of the request's body was taken, every failure is unknown",
    arguments: [16, 18, 28, 52, 55, 56, 65, 92])
  func unknown(code: Int32) {
    #expect(expected(.failed(TransferError(.curl(code), "x", mayHaveArrived: true))) == .unknown(.answerLost))
    for status in [100, 301, 401, 403, 503] {
      let error = TransferError(.curl(code), "x", mayHaveArrived: true, status: status)
      #expect(expected(.failed(error)) == .unknown(.answerLost))
    }
    #expect(expected(.failed(TransferError(.answerTooLarge, "x", mayHaveArrived: true))) == .unknown(.answerLost))
  }

  @Test("before that, every failure is proof that nothing was sent", arguments: [5, 6, 7, 16, 28, 35, 55, 56])
  func proof(code: Int32) {
    #expect(expected(.failed(TransferError(.curl(code), "x", mayHaveArrived: false))) == .wait)
  }

  @Test("a certificate or a file of certificates at fault holds the sender", arguments: [58, 60, 77])
  func certificate(code: Int32) {
    let error = TransferError(.curl(code), "x", mayHaveArrived: false)
    #expect(expected(.failed(error)) == .hold(.sender, .unreachable))
  }

  private func answer(_ body: String, _ type: String? = "application/json; charset=UTF-8") -> TransferResponse {
    TransferResponse(status: 200, headers: type.map { [("content-type", $0)] } ?? [], body: Data(body.utf8))
  }

  @Test(
    "a 2xx that does not name a message in Google's JSON is unknown",
    arguments: [
      ("", "application/json"), ("{}", "application/json"), (#"{"id":""}"#, "application/json"),
      (#"{"id":7}"#, "application/json"), (#"{"id":"a b"}"#, "application/json"), ("[]", "application/json"),
      (#"{"id":"new"}"#, "text/html"), (#"{"id":"new"}"#, "text/plain"), (#"{"id":"new"}"#, nil),
      (#"{"id":"new"}"#, "application/jsonp"), ("<html>Blocked</html>", "text/html"),
    ])
  func unreadable(body: String, type: String?) {
    #expect(expected(.success(answer(body, type))) == .unknown(.answerLost))
  }

  @Test("a 2xx whose rest is lost is unknown; one that names the message is a success")
  func lostBody() {
    let error = TransferError(.curl(18), "x", mayHaveArrived: true, status: 200)
    #expect(expected(.failed(error)) == .unknown(.answerLost))
    #expect(expected(.success(TransferResponse(status: 204, headers: [], body: Data()))) == .unknown(.answerLost))
    let reply = GmailReply(.success(answer(#"{"id":"new","threadId":"t2"}"#)))
    let now = Date()
    let receipt = Receipt(message: "new", thread: "t2", account: "a@example.com", at: now)
    #expect(reply.outcome(of: token, after: .none, now: now) == .sent(receipt))
  }

  @Test("what kept the call from being made is passed on")
  func notTried() {
    let error = StageError(.credentialMissing, "/x", .hold(.sender))
    #expect(expected(.notTried(error)) == .hold(.sender, .credentialMissing))
  }

  @Test("a token survives being written down; what is no token is refused")
  func roundTrip() throws {
    let text = try token.token()
    #expect(DraftToken(text) == token)
    #expect(DraftToken(SendToken("{}")) == nil && DraftToken(SendToken("")) == nil)
    var long = token
    long.draft = String(repeating: "r", count: 1024)
    #expect(throws: StageError.self) { try long.token() }
  }
}
