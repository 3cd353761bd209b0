import Foundation
import Model
import TestSupport
import Testing
import Transfer

/// Every row of the outcome and error tables, spoken over the network.
@Suite(.serialized, .sandbox()) struct SendOutcomeTests {
  @Test("drafts.send", arguments: Row.all, HTTP.allCases)
  func row(row: Row, http: HTTP) async throws {
    let bench = try await Bench(http) { $0.sendTimeout = .milliseconds(row.name.hasPrefix("stall") ? 400 : 5000) }
    let token = try await bench.prepare()
    if !row.rule.isEmpty { try bench.sandbox.rule(#"{"on":"drafts.send",\#(row.rule)}"#) }
    let outcome = await bench.sender.send(token, after: .none)
    #expect(Expected(outcome) == row.expected, "\(outcome)")
    #expect(try bench.delivered == row.delivered)
    // A stalled call is written down when its stall is over.
    if !row.name.hasPrefix("stall") {
      let calls = try bench.sandbox.log("call").filter { $0.call == "drafts.send" && $0.key == bench.key.description }
      #expect(calls.count == (row.name.hasPrefix("401 ") && !row.rule.contains("html") ? 2 : 1))
    }
    await bench.loop.shutdown()
  }

  @Test("a 404 after an unknown attempt is unknown, not a person's doing", arguments: HTTP.allCases)
  func consumedBefore(http: HTTP) async throws {
    let bench = try await Bench(http)
    let token = try await bench.prepare()
    #expect(Expected(await bench.sender.send(token, after: .none)) == .sent)
    #expect(Expected(await bench.sender.send(token, after: .unknown)) == .unknown(.answerLost))
    #expect(Expected(await bench.sender.send(token, after: .none)) == .missing(.serverError))
    #expect(try bench.delivered == 1)
    await bench.loop.shutdown()
  }

  @Test("a first 404 is told at once: what is known is committed before anybody looks")
  func firstNotFound() async throws {
    let bench = try await Bench { $0.secondLook = .seconds(600) }
    let token = try await bench.prepare()
    try bench.sandbox.person("delete", bench.draft(of: token).draft)
    #expect(Expected(await bench.sender.send(token, after: .none)) == .missing(.serverError))
    #expect(try bench.calls("drafts.get").isEmpty)
    await bench.loop.shutdown()
  }

  @Test("a limit that was told without a time is over once Google finds fault with the message alone")
  func toldLimit() async throws {
    let bench = try await Bench { $0.tellWaitsFrom = .zero }
    var waits = bench.sender.waits.makeAsyncIterator()
    let token = try await bench.prepare()
    try bench.sandbox.rule(#"{"on":"drafts.send",\#(Row.status(429, "rateLimitExceeded"))}"#)
    #expect(Expected(await bench.sender.send(token, after: .none)) == .wait)
    #expect(await waits.next() == SenderWait(.rateLimited, "HTTP 429 rateLimitExceeded: words"))
    try bench.sandbox.rule(#"{"on":"drafts.send",\#(Row.status(400, "invalidArgument"))}"#)
    try await bench.sender.admit()
    #expect(Expected(await bench.sender.send(token, after: .none)) == .reject(.messageRefused))
    #expect(await waits.next() == .some(nil))
    await bench.loop.shutdown()
  }

  @Test("both protocols are really spoken, and a mail arrives as it was hashed", arguments: HTTP.allCases)
  func protocolAndBytes(http: HTTP) async throws {
    let bench = try await Bench(http, sizeInBytes: 3_000_000)
    let token = try await bench.prepare()
    let outcome = await bench.sender.send(token, after: .none)
    let line = try #require(bench.sandbox.log("delivered", key: bench.key.description).first)
    let draft = try bench.draft(of: token)
    #expect(line.sha256 == draft.sha256)
    #expect(line.recipients == ["ann@example.org"])
    guard case .sent(let receipt) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(receipt.message == line.message)
    #expect(receipt.account == "billing@example.com")
    #expect(receipt.thread == draft.thread)
    #expect(!receipt.inferred)
    #expect(try bench.calls("drafts.create").map(\.http) == [http.rawValue])
    #expect(try bench.calls("drafts.send").map(\.http) == [http.rawValue])
    await bench.loop.shutdown()
  }

  @Test("a server that is gone proves that nothing was sent", arguments: HTTP.allCases)
  func refusedConnection(http: HTTP) async throws {
    let sandbox = try RunningSandbox.unlimited()
    defer { sandbox.remove() }
    let bench = try await Bench(http, sandbox: sandbox)
    let token = try await bench.prepare()
    sandbox.stop()
    let outcome = await bench.sender.send(token, after: .none)
    guard case .notSent(let error) = outcome, case .wait = error.meaning else {
      Issue.record("\(outcome)")
      return
    }
    #expect(error.code == .unreachable)
    await bench.loop.shutdown()
  }

  @Test("a certificate that nobody vouches for holds the sender, and proves that nothing was sent")
  func untrusted() async throws {
    let known = try await Bench()
    let token = try await known.prepare()
    let bench = try await Bench { $0.caFile = nil }
    let outcome = await bench.sender.send(token, after: .none)
    #expect(Expected(outcome) == .hold(.sender, .unreachable), "\(outcome)")
    #expect(try known.delivered == 0)
    await bench.loop.shutdown()
    await known.loop.shutdown()
  }

  @Test("a cancelled task's send still ends with its outcome")
  func cancelled() async throws {
    let bench = try await Bench()
    let token = try await bench.prepare(to: "slow@example.org")
    let outcome = await withTaskGroup { group in
      group.addTask { await bench.sender.send(token, after: .none) }
      group.cancelAll()
      return await group.next()
    }
    #expect(Expected(try #require(outcome)) == .sent)
    #expect(try bench.delivered == 1)
    await bench.loop.shutdown()
  }

  @Test("a wait for the network grows, and is shared by everybody")
  func outage() async throws {
    let sandbox = try RunningSandbox.unlimited()
    defer { sandbox.remove() }
    let bench = try await Bench(sandbox: sandbox) {
      $0.waitFloor = .seconds(1)
      $0.backoffCap = .seconds(64)
    }
    sandbox.stop()
    for _ in 0..<2 {
      do throws(StageError) {
        _ = try await bench.sender.prepare(bench.message(), for: bench.key)
        Issue.record("prepared")
      } catch {
        guard case .wait(let wait) = error.meaning else {
          Issue.record("\(error)")
          return
        }
        #expect(error.code == .unreachable && wait > .zero && wait <= .seconds(1))
      }
    }
    await bench.loop.shutdown()
  }

  @Test("a rate limit of one delivery closes the account for the next, for the time that it names")
  func gate() async throws {
    let bench = try await Bench()
    let first = try await bench.prepare()
    let second = try await bench.prepare()
    try bench.sandbox.rule(
      #"{"on":"drafts.send",\#(Row.status(429, "rateLimitExceeded", "words", #","retry_after":30"#))}"#)
    let outcomes = [await bench.sender.send(first, after: .none), await bench.sender.send(second, after: .none)]
    for outcome in outcomes {
      guard case .notSent(let error) = outcome, case .wait(let wait) = error.meaning else {
        Issue.record("\(outcome)")
        return
      }
      #expect(wait > .seconds(25) && wait < .seconds(31))
    }
    #expect(try bench.calls("drafts.send").count == 1)
    await bench.loop.shutdown()
  }
}
