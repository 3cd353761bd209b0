import Foundation
import Model
import TestSupport
import Testing
import Transfer

@Suite(.serialized, .sandbox("--scopes", "gmail.compose,gmail.metadata")) struct ReconcileTests {
  private func attempt(
    sinceSending: Duration? = .seconds(1), sinceEnd: Duration = .seconds(1), resends: Int = 0,
    mayHaveSent: Bool = true
  ) -> UnknownAttempt {
    UnknownAttempt(sinceSending: sinceSending, sinceEnd: sinceEnd, resends: resends, mayHaveSent: mayHaveSent)
  }

  private func look(_ bench: Bench, _ token: SendToken, _ attempt: UnknownAttempt) async throws -> ReconcileResult {
    let result = await bench.sender.reconcile(token, attempt)
    await bench.loop.shutdown()
    return result
  }

  @Test("a draft that stays is not sent yet, until it has settled", arguments: HTTP.allCases)
  func unsettled(http: HTTP) async throws {
    let bench = try await Bench(http)
    let result = try await look(bench, bench.prepare(), attempt(sinceEnd: .milliseconds(170)))
    #expect(result == .unknown(lookAgainAfter: .milliseconds(30)))
  }

  @Test("a settled draft is looked at twice, and may be sent again", arguments: HTTP.allCases)
  func settled(http: HTTP) async throws {
    let bench = try await Bench(http)
    #expect(try await look(bench, bench.prepare(), attempt()) == .notSent)
    #expect(try bench.calls("drafts.get").count == 2)
  }

  @Test("a draft that stays after it was sent again is a person's affair")
  func staysAgain() async throws {
    let bench = try await Bench()
    let token = try await bench.prepare()
    let draft = try bench.draft(of: token).draft
    #expect(try await look(bench, token, attempt(resends: 1)) == .ask(.draftStays, draft))
  }

  @Test("a consumed draft means sent, inferred, within the time for that", arguments: HTTP.allCases)
  func inferred(http: HTTP) async throws {
    let bench = try await Bench(http)
    let token = try await bench.prepare()
    try bench.sandbox.rule(#"{"on":"drafts.send","do":"drop_after"}"#)
    #expect(Expected(await bench.sender.send(token, after: .none)) == .unknown(.answerLost))
    guard case .sent(let receipt) = try await look(bench, token, attempt()) else {
      Issue.record("not sent")
      return
    }
    #expect(receipt.inferred && receipt.message.isEmpty)
    #expect(try bench.delivered == 1)
    let calls = try bench.sandbox.log("call").suffix(4).map(\.call)
    #expect(calls == ["drafts.get", "profile", "drafts.get", "drafts.list"])
  }

  @Test(
    "later, or where nothing is to be inferred, a consumed draft is a person's affair",
    arguments: [(Duration.seconds(600), Duration.seconds(601)), (.zero, .milliseconds(1))])
  func late(inferWithin: Duration, sinceSending: Duration) async throws {
    let bench = try await Bench { $0.inferWithin = inferWithin }
    let token = try await bench.prepare()
    let draft = try bench.draft(of: token).draft
    try bench.sandbox.person("send", draft)
    #expect(try await look(bench, token, attempt(sinceSending: sinceSending)) == .ask(.draftGone, draft))
  }

  @Test(
    "where every attempt was refused, a consumed draft is a person's affair, and one that is there goes out at once")
  func refused() async throws {
    let bench = try await Bench()
    let token = try await bench.prepare()
    let draft = try bench.draft(of: token).draft
    #expect(await bench.sender.reconcile(token, attempt(sinceEnd: .zero, mayHaveSent: false)) == .notSent)
    try bench.sandbox.person("send", draft)
    #expect(try await look(bench, token, attempt(mayHaveSent: false)) == .ask(.draftGone, draft))
  }

  @Test("with the metadata scope a consumed draft is proved to be sent, however late", arguments: HTTP.allCases)
  func proof(http: HTTP) async throws {
    let bench = try await Bench(http) { $0.hasMetadataScope = true }
    let token = try await bench.prepare()
    try bench.sandbox.rule(#"{"on":"drafts.send","do":"drop_after"}"#)
    _ = await bench.sender.send(token, after: .none)
    guard case .sent(let receipt) = try await look(bench, token, attempt(sinceSending: .seconds(90000))) else {
      Issue.record("not sent")
      return
    }
    #expect(!receipt.inferred)
    #expect(receipt.message == (try bench.sandbox.log("delivered", key: bench.key.description).first?.message))
  }

  @Test("with the metadata scope a deleted draft is never taken for sent, however soon it is missed")
  func deleted() async throws {
    let bench = try await Bench { $0.hasMetadataScope = true }
    let token = try await bench.prepare()
    let draft = try bench.draft(of: token).draft
    try bench.sandbox.person("delete", draft)
    #expect(try await look(bench, token, attempt()) == .ask(.draftGone, draft))
  }

  @Test("with the metadata scope a conversation without a sent message of ours asks a person")
  func readWithoutSent() async throws {
    let bench = try await Bench { $0.hasMetadataScope = true }
    let token = try await bench.prepare()
    let draft = try bench.draft(of: token)
    try bench.sandbox.person("delete", draft.draft)
    let thread = #"{\"id\":\"\#(draft.thread ?? "")\",\"messages\":[{\"id\":\"m1\",\"labelIds\":[\"INBOX\"]}]}"#
    try bench.sandbox.rule(#"{"on":"threads.get","do":"status","status":200,"body":"\#(thread)"}"#)
    #expect(try await look(bench, token, attempt()) == .ask(.draftGone, draft.draft))
  }

  @Test(
    "with the metadata scope a conversation that cannot be read says nothing, and is looked at again",
    arguments: [
      Row.status(503, "backendError"), #""do":"drop_before","times":2"#, #""do":"block_page""#, #""do":"unreadable""#,
      Row.html(404), #""do":"status","status":200,"body":"{\"id\":\"another\"}""#,
    ])
  func unreadThread(rule: String) async throws {
    let bench = try await Bench { $0.hasMetadataScope = true }
    let token = try await bench.prepare()
    try bench.sandbox.rule(#"{"on":"drafts.send","do":"drop_after"}"#)
    _ = await bench.sender.send(token, after: .none)
    try bench.sandbox.rule(#"{"on":"threads.get",\#(rule)}"#)
    #expect(try await look(bench, token, attempt()) == .unknown(lookAgainAfter: .milliseconds(50)))
  }

  @Test("with the metadata scope in the configuration and not in the token, that is said, and nothing is inferred")
  func scopeMissing() async throws {
    let bench = try await Bench { $0.hasMetadataScope = true }
    let token = try await bench.prepare()
    try bench.sandbox.person("delete", bench.draft(of: token).draft)
    try bench.sandbox.rule(#"{"on":"threads.get",\#(Row.status(403, "insufficientPermissions"))}"#)
    guard case .blocked(.permissionMissing, _, _) = try await look(bench, token, attempt()) else {
      Issue.record("not blocked")
      return
    }
  }

  @Test("an attempt whose age nobody can tell, or that lies in the future, infers nothing", arguments: [nil, -3600])
  func impossibleAge(seconds: Int?) async throws {
    let bench = try await Bench()
    let token = try await bench.prepare()
    let draft = try bench.draft(of: token).draft
    try bench.sandbox.person("delete", draft)
    let age = seconds.map { Duration.seconds($0) }
    #expect(try await look(bench, token, attempt(sinceSending: age)) == .ask(.draftGone, draft))
  }

  @Test("an edited draft is a person's affair")
  func edited() async throws {
    let bench = try await Bench()
    let token = try await bench.prepare()
    let draft = try bench.draft(of: token).draft
    try bench.sandbox.person("edit", draft)
    #expect(try await look(bench, token, attempt()) == .ask(.draftEdited, draft))
  }

  @Test("one 404 alone proves nothing", arguments: HTTP.allCases)
  func transientAbsence(http: HTTP) async throws {
    let bench = try await Bench(http)
    let token = try await bench.prepare()
    try bench.sandbox.rule(#"{"on":"drafts.get",\#(Row.status(404, "notFound"))}"#)
    #expect(try await look(bench, token, attempt()) == .unknown(lookAgainAfter: .milliseconds(50)))
  }

  @Test(
    "a draft that is not found twice and listed all the same is not gone, nor is one whose list cannot be read",
    arguments: [nil, Row.status(503, "backendError"), #""do":"block_page""#, #""do":"drop_before","times":2"#])
  func listed(rule: String?) async throws {
    let bench = try await Bench()
    let token = try await bench.prepare()
    if let rule {
      try bench.sandbox.person("delete", bench.draft(of: token).draft)
      try bench.sandbox.rule(#"{"on":"drafts.list",\#(rule)}"#)
    } else {
      try bench.sandbox.rule(#"{"on":"drafts.get",\#(Row.status(404, "notFound", "words", #","times":2"#))}"#)
    }
    #expect(try await look(bench, token, attempt()) == .unknown(lookAgainAfter: .milliseconds(50)))
    #expect(try bench.sandbox.log("call").last?.call == "drafts.list")
  }

  @Test("one stale answer that the draft is there does not get it sent again")
  func stale() async throws {
    let bench = try await Bench()
    let token = try await bench.prepare()
    #expect(Expected(await bench.sender.send(token, after: .none)) == .sent)
    try bench.sandbox.rule(#"{"on":"drafts.get","do":"stale"}"#)
    #expect(try await look(bench, token, attempt()) == .unknown(lookAgainAfter: .milliseconds(50)))
  }

  @Test(
    "a look that failed is no absence",
    arguments: [
      Row.html(404), Row.status(500, "backendError"), Row.status(401, "authError", "words", #","times":2"#),
      Row.status(403, "forbidden"), #""do":"drop_before","times":2"#, #""do":"unreadable""#, #""do":"block_page""#,
      #""do":"status","status":200,"body":"{\"id\":\"other\",\"message\":{\"id\":\"m\"}}""#,
    ], HTTP.allCases)
  func failedLook(rule: String, http: HTTP) async throws {
    let bench = try await Bench(http)
    let token = try await bench.prepare()
    // The sandbox makes only a success unreadable.
    if !rule.contains("unreadable") {
      #expect(Expected(await bench.sender.send(token, after: .none)) == .sent)
    }
    try bench.sandbox.rule(#"{"on":"drafts.get",\#(rule)}"#)
    #expect(try await look(bench, token, attempt()) == .unknown(lookAgainAfter: .milliseconds(50)))
  }

  @Test("a draft of another account or server is not looked at, not sent and not deleted")
  func otherAccount() async throws {
    let bench = try await Bench()
    let token = try await bench.prepare()
    for change in ["account", "server"] {
      var draft = try bench.draft(of: token)
      if change == "account" { draft.account = "other@example.com" } else { draft.apiRoot = "https://other.example" }
      let other = try draft.token()
      let words =
        change == "account" ? "other@example.com ≠ billing@example.com" : "https://other.example ≠ \(bench.sandbox.url)"
      #expect(
        await bench.sender.reconcile(other, attempt())
          == .blocked(.accountChanged, words, lookAgainAfter: .milliseconds(50)))
      #expect(Expected(await bench.sender.send(other, after: .none)) == .hold(.sender, .accountChanged))
      guard case .failed = await bench.sender.discard(other) else {
        Issue.record("discarded")
        return
      }
    }
    #expect(try bench.calls("drafts.get").isEmpty && bench.calls("drafts.send").isEmpty)
    await bench.loop.shutdown()
  }

  @Test("a token that is not Gmail's is for a person to look at: no look of ours will ever tell")
  func otherSender() async throws {
    let bench = try await Bench()
    let result = try await look(bench, SendToken(#"{"folder":"/mail","file":"1.x"}"#), attempt())
    guard case .blocked(.accountChanged, _, lookAgainAfter: .milliseconds(50)) = result else {
      Issue.record("\(result)")
      return
    }
  }
}
