import Files
import Foundation
import Mail
import Model
import TestSupport
import Testing
import Transfer

@Suite(.serialized, .sandbox("--scopes", "gmail.compose,gmail.metadata")) struct PrepareTests {
  private func error(_ bench: Bench, to address: String = "ann@example.org") async -> StageError? {
    do throws(StageError) {
      _ = try await bench.sender.prepare(bench.message(to: address), for: bench.key)
      return nil
    } catch {
      return error
    }
  }

  @Test("a token of at most 1 KiB names the draft, its message and what is in it")
  func token() async throws {
    let bench = try await Bench()
    let token = try await bench.prepare()
    #expect(token.text.utf8.count <= SendToken.maximumSizeInBytes)
    let draft = try bench.draft(of: token)
    #expect(draft.apiRoot == bench.sandbox.url)
    #expect(draft.account == "billing@example.com")
    #expect(draft.key == bench.key.description)
    #expect(draft.sha256.count == 64)
    let there = try #require(try await bench.client.draft(draft.draft))
    #expect(there.message.id == draft.message)
    await bench.loop.shutdown()
  }

  @Test("an address that Gmail refuses rejects the delivery, with Gmail's words", arguments: HTTP.allCases)
  func refused(http: HTTP) async throws {
    let bench = try await Bench(http)
    let error = try #require(await error(bench, to: "reject@example.org"))
    #expect(error.code == .recipientRefused && error.meaning == .reject)
    #expect(error.detail.contains("Invalid To header"))
    await bench.loop.shutdown()
  }

  @Test("413 in HTML rejects the delivery", arguments: HTTP.allCases)
  func tooLarge(http: HTTP) async throws {
    let bench = try await Bench(http)
    let error = try #require(await error(bench, to: "toolarge@example.org"))
    #expect(error.code == .messageTooLarge && error.meaning == .reject)
    await bench.loop.shutdown()
  }

  @Test("attachments over the configured size are refused before anything is called")
  func overOurBound() async throws {
    let bench = try await Bench { $0.maximumSizeInBytes = 999 }
    let error = try #require(await error(bench))
    #expect(error.code == .messageTooLarge && error.meaning == .reject)
    #expect(try bench.calls("drafts.create").isEmpty)
    await bench.loop.shutdown()
  }

  @Test(
    "an unknown create may be tried again",
    arguments: [
      #""do":"status","status":503"#, #""do":"drop_after""#, #""do":"stall","ms":3000"#, #""do":"unreadable""#,
      #""do":"block_page""#, #""do":"block_page","execute":true"#, #""do":"drip","ms":50"#,
    ],
    HTTP.allCases)
  func unknown(rule: String, http: HTTP) async throws {
    let bench = try await Bench(http) { $0.stallTimeout = .milliseconds(300) }
    try bench.sandbox.rule(#"{"on":"drafts.create",\#(rule)}"#)
    let error = try #require(await error(bench))
    #expect(error.meaning == .retry(after: nil) && error.mayHaveLeft, "\(error)")
    try bench.sandbox.clearRules()
    _ = try await bench.sender.prepare(bench.message(), for: bench.key)
    await bench.loop.shutdown()
  }

  @Test("a proxy that answers everything makes all wait, and fails no delivery")
  func proxy() async throws {
    let bench = try await Bench()
    _ = try await bench.client.address()
    for call in ["drafts.create", "profile"] { try bench.sandbox.rule(#"{"on":"\#(call)","do":"block_page"}"#) }
    let error = try #require(await error(bench))
    guard error.code == .unreachable, case .wait = error.meaning else {
      Issue.record("\(error)")
      return
    }
    await bench.loop.shutdown()
  }

  @Test(
    "what a limit or a refusal keeps from being made has left nothing",
    arguments: [
      Row.status(429, "rateLimitExceeded"), Row.status(400, "invalidArgument"), Row.status(403, "domainPolicy"),
    ])
  func leavesNothing(rule: String) async throws {
    let bench = try await Bench()
    try bench.sandbox.rule(#"{"on":"drafts.create",\#(rule)}"#)
    #expect(try #require(await error(bench)).mayHaveLeft == false)
    await bench.loop.shutdown()
  }

  @Test(
    "a deletion counts only by Google's own word",
    arguments: [
      (#""do":"block_page""#, false), (#""do":"status","status":200,"body":"{\"blocked\":true}""#, false),
      (#""do":"status","status":200,"body":"""#, false), (#""do":"status","status":200,"body":"{}\n""#, true),
      (Row.html(404), false),
    ])
  func discardUnheard(rule: String, counts: Bool) async throws {
    let bench = try await Bench()
    let token = try await bench.prepare()
    try bench.sandbox.rule(#"{"on":"drafts.delete",\#(rule)}"#)
    let outcome = await bench.sender.discard(token)
    #expect((outcome == .removed) == counts, "\(outcome)")
    await bench.loop.shutdown()
  }

  @Test("a file that changed since the selection rejects the delivery")
  func changedFile() async throws {
    let bench = try await Bench()
    try Data("%PDF-other".utf8).write(to: URL(filePath: bench.pdf.path))
    let error = try #require(await error(bench))
    #expect(error.code == .fileChanged && error.meaning == .reject)
    await bench.loop.shutdown()
  }

  @Test("a file that changes after it was hashed breaks the upload off, and harms no other", arguments: HTTP.allCases)
  func changesWhileSent(http: HTTP) async throws {
    let bench = try await Bench(http, sizeInBytes: 1_000_000)
    let encoder = MailEncoder(
      from: Mailbox(address: "billing@example.com"), replyTo: [], date: Date(), messageID: nil, headers: [],
      keepsBcc: true)
    let roots = FileRoots(roots: [URL(filePath: bench.pdf.path).deletingLastPathComponent().path], forbidden: [])
    let mail = try await IOThread.run { [message = bench.message()] in try encoder.encode(message, files: roots) }
    let file = try FileHandle(forUpdating: URL(filePath: bench.pdf.path))
    try file.seek(toOffset: 999_999)
    try file.write(contentsOf: [0])
    try file.close()
    let before = try await bench.client.drafts(page: nil).drafts?.count ?? 0
    do throws(StageError) {
      _ = try await bench.client.createDraft(mail)
      Issue.record("a draft was made")
    } catch {
      #expect(error.code == .fileChanged && error.meaning == .reject, "\(error)")
    }
    #expect(try await bench.client.drafts(page: nil).drafts?.count ?? 0 == before)
    await bench.loop.shutdown()
  }

  @Test("discard removes the draft once, and finds it absent afterwards")
  func discard() async throws {
    let bench = try await Bench()
    let token = try await bench.prepare()
    #expect(await bench.sender.discard(token) == .removed)
    #expect(await bench.sender.discard(token) == .absent)
    #expect(try await bench.client.draft(bench.draft(of: token).draft) == nil)
    await bench.loop.shutdown()
  }

  @Test("drafts are listed, the newest first")
  func list() async throws {
    let bench = try await Bench()
    let ids = try [bench.draft(of: await bench.prepare()).draft, bench.draft(of: await bench.prepare()).draft]
    let page = try await bench.client.drafts(page: nil)
    #expect(page.drafts?.prefix(2).map(\.id) == ids.reversed())
    await bench.loop.shutdown()
  }

  @Test(
    "after 100 requests the next mails go over a new connection, before the server guards itself against resets",
    .timeLimit(.minutes(2)), arguments: HTTP.allCases)
  func manyRequests(http: HTTP) async throws {
    let bench = try await Bench(http)
    for _ in 0..<130 {
      let token = try await bench.sender.prepare(bench.message(), for: bench.key)
      let outcome = await bench.sender.send(token, after: .none)
      #expect(Expected(outcome) == .sent, "\(outcome)")
    }
    #expect(Set(try bench.calls("drafts.send").compactMap(\.connection)).count == 3)
    await bench.loop.shutdown()
  }

  @Test(
    "eight deliveries at a time, over connections that change under way: each mail arrives once",
    arguments: HTTP.allCases)
  func concurrent(http: HTTP) async throws {
    let bench = try await Bench(http, sizeInBytes: 100_000) { $0.unitsPerMinute = 1_000_000 }
    let outcomes = await withTaskGroup { group in
      for _ in 0..<8 {
        group.addTask { () -> [Expected?] in
          var outcomes: [Expected?] = []
          for _ in 0..<20 {
            guard let token = try? await bench.prepare() else {
              outcomes.append(nil)
              continue
            }
            outcomes.append(Expected(await bench.sender.send(token, after: .none)))
          }
          return outcomes
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    #expect(outcomes == Array(repeating: .sent, count: 160))
    #expect(try bench.delivered == 160)
    await bench.loop.shutdown()
  }
}
