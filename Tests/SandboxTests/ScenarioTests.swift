import Foundation
import TestSupport
import Testing

@Suite struct ScenarioTests {
  @Test(
    "a send that is accepted and not answered as one has delivered once",
    arguments: ["drop_after", "truncate", "unreadable", "accept_then_status", "stall", "block_page"],
    ["--http2", "--http1.1"])
  func deliversUnheard(action: String, http: String) throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox, http: http)
    let draft = try gmail.draft()
    try sandbox.rule(#"{"on":"drafts.send","do":"\#(action)","execute":true,"ms":1}"#)
    let reply = try gmail.send(draft.id)
    switch action {
    case "drop_after", "stall": #expect(reply.exit != 0 && reply.status == 0)
    case "truncate": #expect(reply.exit == 18)
    case "accept_then_status": #expect(reply.status == 503 && reply.reason == "backendError")
    default: #expect(reply.status == 200 && (try? reply.json(GmailClient.Message.self)) == nil)
    }
    #expect(try gmail.send(draft.id).status == 404)
    #expect(try sandbox.log("delivered").count == 1)
    #expect(try sandbox.log("call").contains { $0.call == "drafts.send" && $0.fault == action })
  }

  @Test("a send that is not executed leaves its draft", arguments: ["drop_before", "status", "stall", "block_page"])
  func deliversNothing(action: String) throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox)
    let draft = try gmail.draft()
    try sandbox.rule(#"{"on":"drafts.send","do":"\#(action)","execute":false,"ms":1}"#)
    _ = try gmail.send(draft.id)
    #expect(try sandbox.sent().isEmpty && gmail.get(draft.id).status == 200)
    #expect(try gmail.send(draft.id).status == 200)
  }

  @Test("an answer that drips comes a byte at a time, and is whole in the end", arguments: ["--http2", "--http1.1"])
  func drips(http: String) throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox, http: http)
    let draft = try gmail.draft()
    try sandbox.rule(#"{"on":"drafts.send","do":"drip","ms":2}"#)
    let start = ContinuousClock.now
    let reply = try gmail.send(draft.id)
    #expect(try reply.status == 200 && reply.json(GmailClient.Message.self).labelIds == ["SENT"])
    #expect(ContinuousClock.now - start >= .milliseconds(2 * reply.text.utf8.count))
  }

  @Test("answers bear the time of the stand-in's clock", arguments: [0, -86_400])
  func date(ahead: Int) throws {
    let sandbox = try RunningSandbox(["--clock-ahead=\(ahead)"])
    let gmail = try GmailClient(sandbox)
    let head = try gmail.request("/gmail/v1/users/me/profile", ["-D", "-"]).text
    let format = Date.VerbatimFormatStyle(
      format: "\(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits)", locale: Locale(identifier: "en"),
      timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
    let expected = [-1.0, 1].map { Date().addingTimeInterval(Double(ahead) + $0).formatted(format) }
    #expect(expected.contains { head.contains(", \($0) ") }, "\(head)")
  }

  @Test("a rule waits for its recipient and its turn, and answers what it was told")
  func choosesCalls() throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox)
    try sandbox.rule(
      """
      {"on":"drafts.create","do":"status","recipient":"bob@example.org","skip":1,"times":2,"status":429,\
      "reason":"rateLimitExceeded","message":"Slow down.","retry_after":7,"retry_in_text":60}
      """)
    #expect(try gmail.create(GmailClient.mail(to: "ann@example.org")).status == 200)
    let mail = GmailClient.mail(to: "bob@example.org")
    #expect(try [gmail.create(mail).status, gmail.create(mail).status] == [200, 429])
    let reply = try gmail.create(mail)
    #expect(reply.reason == "rateLimitExceeded" && reply.message.hasPrefix("Slow down.  Retry after 20"))
    #expect(try gmail.create(mail).status == 200)
    try sandbox.rule(#"{"on":"profile","do":"status","status":502,"html":true,"retry_after":7}"#)
    let page = try gmail.request("/gmail/v1/users/me/profile", ["-i"])
    #expect(page.status == 502 && page.text.contains("retry-after: 7") && page.text.contains("<title>"))
    let refused = try sandbox.curl([
      "-d", #"{"rules":[{"on":"nothing","do":"status"}]}"#, "\(sandbox.url)/sandbox/scenario",
    ])
    #expect(refused.status == 400)
  }

  @Test("a send can be executed after its answer, and a look after it can be stale")
  func executesLater() throws {
    let sandbox = try RunningSandbox(["--units-per-minute", "0"])
    let gmail = try GmailClient(sandbox)
    let draft = try gmail.draft()
    try sandbox.rule(#"{"on":"drafts.send","do":"execute_later","ms":200}"#)
    #expect(try gmail.send(draft.id).status == 503)
    #expect(try sandbox.log("delivered").isEmpty)
    let deadline = ContinuousClock.now + .seconds(20)
    while try gmail.get(draft.id).status != 404 { try #require(ContinuousClock.now < deadline) }
    #expect(try sandbox.log("delivered").count == 1)
    try sandbox.rule(#"{"on":"drafts.get","do":"stale"}"#)
    #expect(try gmail.get(draft.id).json(GmailClient.Draft.self).message.id == draft.message.id)
    #expect(try gmail.get(draft.id).status == 404)
  }

  @Test("two sends of one draft in flight deliver once, and twice when they are made to race")
  func races() throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox)
    for (action, deliveries) in [("stall", 1), ("race", 3)] {
      let draft = try gmail.draft()
      try sandbox.rule(#"{"on":"drafts.send","do":"\#(action)","times":2,"ms":1500,"execute":true}"#)
      let url = sandbox.url + "/gmail/v1/users/me/drafts/send"
      let header = ["-H", "Authorization: Bearer \(gmail.token)", "-d", #"{"id":"\#(draft.id)"}"#]
      _ = try sandbox.curl(["--parallel", "--parallel-immediate"] + header + [url, url])
      #expect(try sandbox.log("delivered").count == deliveries)
      #expect(try gmail.get(draft.id).status == 404)
    }
  }

  @Test("a person edits, deletes and sends drafts by hand")
  func actsAsPerson() throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox)
    let draft = try gmail.draft()
    try sandbox.person("edit", draft.id)
    #expect(try gmail.get(draft.id).json(GmailClient.Draft.self).message.id != draft.message.id)
    try sandbox.person("send", draft.id)
    #expect(try gmail.send(draft.id).status == 404)
    let other = try gmail.draft()
    try sandbox.person("delete", other.id)
    #expect(try gmail.send(other.id).status == 404)
    #expect(try sandbox.log("delivered").count == 1 && sandbox.log("person").count == 3)
  }
}
