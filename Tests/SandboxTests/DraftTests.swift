import Foundation
import TestSupport
import Testing

@Suite struct DraftTests {
  @Test("a draft is sent under a new message id in its thread, and is gone", arguments: ["--http2", "--http1.1"])
  func sendsOnce(http: String) throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox, http: http)
    let draft = try gmail.draft()
    #expect(draft.id.hasPrefix("r-") && draft.message.id.count == 16)
    #expect(try gmail.get(draft.id).json(GmailClient.Draft.self).message.id == draft.message.id)

    let reply = try gmail.send(draft.id)
    let message = try reply.json(GmailClient.Message.self)
    #expect(message.id != draft.message.id && message.threadId == draft.message.threadId)
    #expect(message.labelIds == ["SENT"])
    #expect(reply.httpVersion == (http == "--http2" ? "2" : "1.1"))

    for gone in [try gmail.get(draft.id), try gmail.send(draft.id)] {
      #expect(gone.status == 404 && gone.reason == "notFound")
    }
    let delivered = try sandbox.log("delivered")
    #expect(delivered.count == 1)
    #expect(delivered.first?.key == "store.7.1" && delivered.first?.message == message.id)
    #expect(delivered.first?.recipients == ["ann@example.org", "archive@example.com"])
    let calls = try sandbox.log("call")
    #expect(calls.map(\.call) == ["token", "drafts.create", "drafts.get", "drafts.send", "drafts.get", "drafts.send"])
    #expect(calls.map(\.status) == [200, 200, 200, 200, 404, 404])
    #expect(calls.last?.http == reply.httpVersion)
  }

  @Test("the mail that goes out has Gmail's Message-ID, our X- header and no Bcc")
  func transforms() throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox)
    _ = try gmail.send(gmail.draft().id)
    let mail = try #require(try sandbox.sent().first)
    #expect(!mail.contains("ours@example.com") && mail.contains("@mail.gmail.com>"))
    #expect(mail.contains("X-Invoiced-Key: store.7.1\r\n") && !mail.contains("archive@example.com"))
    #expect(mail.hasSuffix("\r\n\r\nBonjour, ça va ?\r\n"))
    let uploaded = sandbox.state.appending(path: "uploaded")
    try Data(GmailClient.mail(to: "ann@example.org").utf8).write(to: uploaded)
    let digest = try run("sha256sum", [uploaded.path]).output.prefix(64)
    #expect(try sandbox.log("delivered").first?.sha256 == String(digest))

    guard try run("python3", ["--version"]).exit == 0 else {
      print("SKIPPED: no python3 here, so no second reader has parsed the mail")
      return
    }
    try Data(mail.utf8).write(to: uploaded)
    let program = """
      import email, email.policy, sys
      m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
      print(m['To'].addresses[0].addr_spec, m['Subject'], len(m.get_all('Message-ID')), m.defects)
      """
    let parsed = try run("python3", ["-c", program, uploaded.path]).output
    #expect(parsed == "ann@example.org Facture 2026-001 1 []\n")
  }

  @Test("what Gmail refuses is refused with its words, and nothing is left behind")
  func refuses() throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox)
    let many = (0..<101).map { "a\($0)@example.org" }.joined(separator: ", ")
    let wrong = [
      (GmailClient.mail(to: "reject@example.org"), "Invalid To header"), ("To: nobody\r\n\r\nx", "Invalid To header"),
      ("To: a@b.c\r\nCc: ann@ example.org\r\n\r\nx", "Invalid Cc header"), ("no header at all", "Invalid MIME message"),
      ("To: \(many)\r\n\r\nx", "Too many recipients"),
    ]
    for (mail, message) in wrong {
      let reply = try gmail.create(mail)
      #expect(reply.status == 400 && reply.reason == "invalidArgument" && reply.message == message)
    }
    let nobody = try gmail.create("Subject: x\r\n\r\nx").json(GmailClient.Draft.self)
    #expect(try gmail.send(nobody.id).message == "Recipient address required")
    #expect(try gmail.get(nobody.id).status == 200)
    #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.state.path + "/incoming").isEmpty)
    #expect(try sandbox.sent().isEmpty)
  }

  @Test("a mail above 35 MiB is answered with a page of HTML", arguments: ["--http2", "--http1.1"])
  func limitsSize(http: String) throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox, http: http)
    let file = sandbox.state.appending(path: "large")
    let head = Data("To: ann@example.org\r\n\r\n".utf8)
    try (head + Data(repeating: 120, count: 36_700_160 - head.count)).write(to: file)
    #expect(try gmail.upload(file).status == 200)
    try (head + Data(repeating: 120, count: 36_700_161 - head.count)).write(to: file)
    let reply = try gmail.upload(file)
    #expect(reply.status == 413 && reply.text.hasPrefix("<!DOCTYPE html>"))
  }

  @Test("a client that leaves within its upload leaves no draft", arguments: ["--http2", "--http1.1"])
  func hearsLeaving(http: String) throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox, http: http)
    let file = sandbox.state.appending(path: "large")
    try (Data("To: ann@example.org\r\n\r\n".utf8) + Data(repeating: 120, count: 1_000_000)).write(to: file)
    #expect(try gmail.upload(file, ["--limit-rate", "100k", "--max-time", "1"]).exit == 28)
    let deadline = ContinuousClock.now + .seconds(20)
    while try sandbox.log("call").last?.fault != "client_left" { try #require(ContinuousClock.now < deadline) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.state.path + "/incoming").isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: sandbox.state.path + "/drafts").isEmpty)
  }

  @Test("messages.send takes bytes and base64url, and gives a thread of its own")
  func sendsDirectly() throws {
    let sandbox = try RunningSandbox()
    let gmail = try GmailClient(sandbox)
    let raw = Data(GmailClient.mail(to: "ann@example.org").utf8).base64EncodedString()
      .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
    let json = ["-H", "Content-Type: application/json", "-d", #"{"raw":"\#(raw)"}"#]
    let bytes = ["-H", "Content-Type: message/rfc822", "--data-binary", GmailClient.mail(to: "bob@example.org")]
    #expect(try gmail.request("/gmail/v1/users/me/messages/send", json).status == 200)
    #expect(try gmail.request("/upload/gmail/v1/users/me/messages/send?uploadType=media", bytes).status == 200)
    #expect(try sandbox.log("delivered").map { $0.recipients?.first } == ["ann@example.org", "bob@example.org"])
  }

  @Test("drafts outlive the process, are listed in pages and can be deleted")
  func keepsDrafts() throws {
    struct List: Decodable {
      let drafts: [Entry]?
      let nextPageToken: String?
      struct Entry: Decodable { let id: String }
    }
    let first = try RunningSandbox(keepsFolder: true)
    let made = try (0..<3).map { _ in try GmailClient(first).draft().id }
    first.stop()
    let sandbox = try RunningSandbox(state: first.state)
    let gmail = try GmailClient(sandbox)
    let list = "/gmail/v1/users/me/drafts?maxResults=2"
    let page = try gmail.request(list).json(List.self)
    let rest = try gmail.request("\(list)&pageToken=\(page.nextPageToken ?? "")").json(List.self)
    #expect((page.drafts ?? []).map(\.id) + (rest.drafts ?? []).map(\.id) == made.reversed())
    #expect(rest.nextPageToken == nil)
    #expect(try gmail.request("/gmail/v1/users/me/drafts/\(made[0])", ["-X", "DELETE"]).status == 204)
    #expect(try gmail.send(made[0]).status == 404 && gmail.send(made[1]).status == 200)
  }
}
