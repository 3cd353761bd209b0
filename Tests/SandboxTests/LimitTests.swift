import Foundation
import TestSupport
import Testing

@Suite struct LimitTests {
  @Test("ratelimit@ hears once to wait, until a time after two spaces")
  func limitsRate() throws {
    let gmail = try GmailClient(RunningSandbox())
    let draft = try gmail.draft(to: "ratelimit@example.org")
    let reply = try gmail.send(draft.id)
    #expect(reply.status == 403 && reply.reason == "userRateLimitExceeded")
    let time = try #require(reply.message.components(separatedBy: ".  Retry after ").last)
    let date = try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(time)
    #expect((0...3).contains(date.timeIntervalSinceNow))
    #expect(try gmail.send(draft.id).status == 200)
  }

  @Test("units of a minute that are spent are refused, and the refusal costs none")
  func limitsUnits() throws {
    let gmail = try GmailClient(RunningSandbox(["--units-per-minute", "111"]))
    #expect(try gmail.send(gmail.draft().id).status == 200)
    let refused = try gmail.create(GmailClient.mail(to: "bob@example.org"))
    #expect(refused.status == 403 && refused.reason == "rateLimitExceeded")
    #expect(try gmail.profile().status == 200)
    #expect(try gmail.profile().reason == "rateLimitExceeded")
  }

  @Test("past the messages of a day a send is refused and its draft stays")
  func limitsDay() throws {
    let gmail = try GmailClient(RunningSandbox(["--messages-per-day", "1"]))
    #expect(try gmail.send(gmail.draft().id).status == 200)
    let draft = try gmail.draft()
    let reply = try gmail.send(draft.id)
    #expect(reply.status == 429 && reply.message.hasSuffix("Z (Mail sending)"))
    #expect(try gmail.get(draft.id).status == 200)
    #expect(try gmail.send(gmail.draft(to: "dailylimit@example.org").id).reason == "dailyLimitExceeded")
  }

  @Test("more calls at once than allowed get 429")
  func limitsCallsAtOnce() throws {
    let sandbox = try RunningSandbox(["--calls-at-once", "1", "--latency-ms", "1000"])
    let url = sandbox.url + "/gmail/v1/users/me/profile"
    _ = try GmailClient(sandbox).request("/gmail/v1/users/me/profile", ["--parallel", "--parallel-immediate", url])
    let profiles = try sandbox.log("call").filter { $0.call == "profile" }
    #expect(profiles.compactMap(\.status).sorted() == [200, 429])
  }

  @Test("an expired token gets 401 and a new one works, until the refresh token is revoked")
  func expiresTokens() throws {
    let sandbox = try RunningSandbox()
    var gmail = try GmailClient(sandbox)
    try sandbox.tokens("expire")
    #expect(try gmail.profile().status == 401 && gmail.profile().reason == "authError")
    gmail = try GmailClient(sandbox)
    #expect(try gmail.profile().status == 200)
    #expect(try gmail.refresh(secret: "wrong").text.contains(#""error" : "invalid_client""#))
    try sandbox.tokens("revoke")
    #expect(try gmail.profile().status == 401)
    let reply = try gmail.refresh()
    #expect(reply.status == 400 && reply.text.contains(#""error" : "invalid_grant""#))
  }

  @Test("threads.get needs another scope than drafts, and proves what was sent")
  func checksScopes() throws {
    let narrow = try GmailClient(RunningSandbox())
    let refused = try narrow.request("/gmail/v1/users/me/threads/1")
    #expect(refused.status == 403 && refused.text.contains("ACCESS_TOKEN_SCOPE_INSUFFICIENT"))
    let gmail = try GmailClient(RunningSandbox(["--scopes", "gmail.compose,gmail.metadata"]))
    let sent = try gmail.send(gmail.draft().id).json(GmailClient.Message.self)
    let thread = try gmail.request("/gmail/v1/users/me/threads/\(sent.threadId)?format=minimal")
    #expect(thread.text.contains(sent.id) && thread.text.contains("SENT"))
    #expect(try gmail.request("/gmail/v1/users/other@example.com/profile").reason == "forbidden")
  }

  @Test("with --http1 no HTTP/2 is offered")
  func offersHTTP1() throws {
    let reply = try GmailClient(RunningSandbox(["--http1"]), http: "--http2").profile()
    #expect(reply.status == 200 && reply.httpVersion == "1.1")
  }
}
