import Foundation
import Gmail
import Model
import TestSupport
import Testing
import Transfer

@Suite(.serialized, .sandbox("--scopes", "gmail.compose,gmail.metadata")) struct TokenTests {
  private func tokenCalls(_ bench: Bench) throws -> Int {
    try bench.sandbox.log("call").filter { $0.call == "token" }.count
  }

  private func prepareError(_ bench: Bench) async -> StageError? {
    do throws(StageError) {
      _ = try await bench.sender.prepare(bench.message(), for: bench.key)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "an access token that ends in the middle of a run is replaced, and the call repeated once", arguments: HTTP.allCases
  )
  func expired(http: HTTP) async throws {
    let bench = try await Bench(http, sizeInBytes: 200_000)
    _ = try await bench.prepare()
    let before = try tokenCalls(bench)
    try bench.sandbox.tokens("expire")
    let token = try await bench.prepare()
    try bench.sandbox.tokens("expire")
    #expect(Expected(await bench.sender.send(token, after: .none)) == .sent)
    #expect(try tokenCalls(bench) == before + 2)
    #expect(try bench.delivered == 1)
    await bench.loop.shutdown()
  }

  @Test("many deliveries at once ask for one token")
  func oneInFlight() async throws {
    let bench = try await Bench()
    let before = try tokenCalls(bench)
    let source = TokenSource(bench.configuration, bench.loop, .system)
    let tokens = await withTaskGroup { group in
      for _ in 0..<20 { group.addTask { try? await source.token() } }
      return await group.reduce(into: Set<AccessToken?>()) { $0.insert($1) }
    }
    #expect(tokens.count == 1 && !tokens.contains(nil))
    #expect(try tokenCalls(bench) == before + 1)
    await bench.loop.shutdown()
  }

  @Test("a token is renewed before its end")
  func renewal() async throws {
    let bench = try await Bench { $0.renewBefore = .seconds(3600) }
    let before = try tokenCalls(bench)
    let source = TokenSource(bench.configuration, bench.loop, .system)
    _ = try await source.token()
    _ = try await source.token()
    #expect(try tokenCalls(bench) == before + 2)
    // The endpoint in trouble: the token in hand is good for an hour yet.
    try bench.sandbox.rule(#"{"on":"token","do":"status","status":503,"html":true}"#)
    _ = try await source.token()
    await bench.loop.shutdown()
  }

  @Test("the service account's grant sends mail", arguments: HTTP.allCases, [false, true])
  func serviceAccount(http: HTTP, hasMetadataScope: Bool) async throws {
    let bench = try await Bench(http) {
      $0.credentialFile = $0.credentialFile.replacing("authorized_user", with: "service_account")
      $0.tokenURI = nil
      $0.mailbox = "billing@example.com"
      $0.hasMetadataScope = hasMetadataScope
    }
    #expect(Expected(await bench.sender.send(try bench.prepare(), after: .none)) == .sent)
    await bench.loop.shutdown()
  }

  @Test("a service account without delegation for the mailbox holds the sender, with Google's words")
  func noDelegation() async throws {
    let bench = try await Bench {
      $0.credentialFile = $0.credentialFile.replacing("authorized_user", with: "service_account")
      $0.mailbox = "boss@example.com"
    }
    let error = try #require(await prepareError(bench))
    #expect(error.code == .credentialInvalid && error.meaning == .hold(.sender))
    #expect(error.detail.contains("unauthorized_client"))
    await bench.loop.shutdown()
  }

  @Test("a service account without a mailbox holds the sender and names the setting")
  func noMailbox() async throws {
    let bench = try await Bench {
      $0.credentialFile = $0.credentialFile.replacing("authorized_user", with: "service_account")
    }
    let error = try #require(await prepareError(bench))
    #expect(error.meaning == .hold(.sender) && error.detail.contains("mailbox"))
    await bench.loop.shutdown()
  }

  @Test("a credential file that is not there holds the sender and is named")
  func missing() async throws {
    let bench = try await Bench { $0.credentialFile = "/nonexistent/gmail.json" }
    let error = try #require(await prepareError(bench))
    #expect(error == StageError(.credentialMissing, "/nonexistent/gmail.json", .hold(.sender)))
    await bench.loop.shutdown()
  }

  @Test("a credential that is a named pipe, a folder or a device holds the sender, and nobody waits for it")
  func special() async throws {
    let path = NSTemporaryDirectory() + "/credential-\(UUID().uuidString)"
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    for path in [path, "/tmp", "/dev/zero"] {
      let error = try await #require(#expect(throws: StageError.self) { try await CredentialFile(path: path).read() })
      let reason = "\(path): cannot be read: it is not a regular file"
      #expect(error == StageError(.credentialInvalid, reason, .hold(.sender)))
    }
  }

  @Test(
    "what the token endpoint answers decides between holding the sender and waiting; no delivery fails by it",
    arguments: [
      (#""status":400,"reason":"invalid_grant""#, StageError.Meaning?.some(.hold(.sender))),
      (#""status":401,"reason":"invalid_client""#, .hold(.sender)),
      (#""status":400,"reason":"invalid_scope""#, .hold(.sender)),
      (#""status":400,"html":true"#, .hold(.sender)),
      (#""status":200,"html":true"#, .hold(.sender)),
      (#""status":302,"html":true"#, .hold(.sender)),
      (#""status":503,"html":true"#, nil),
      (#""status":503,"reason":"backendError""#, nil),
      (#""status":200,"body":"{}""#, nil),
      (#""status":200,"body":"{\"access_token\":\"a b\"}""#, nil),
      (#""status":200,"body":"{\"access_token\":\"a\",\"token_type\":\"mac\"}""#, nil),
      (#""status":429,"reason":"rate_limit_exceeded""#, nil),
    ])
  func endpoint(rule: String, meaning: StageError.Meaning?) async throws {
    let bench = try await Bench()
    try bench.sandbox.rule(#"{"on":"token","do":"status",\#(rule)}"#)
    let error = try #require(await prepareError(bench))
    guard let meaning else {
      // Everybody waits, and no delivery has used up an attempt.
      guard case .wait(let wait) = error.meaning, wait > .zero else {
        Issue.record("\(error)")
        return
      }
      return await bench.loop.shutdown()
    }
    #expect(error.meaning == meaning, "\(error)")
    await bench.loop.shutdown()
  }

  @Test(
    "a grant that is refused because of the clock says so, and not that the credential is bad",
    arguments: [7200, -7200])
  func clock(ahead: Int) async throws {
    let sandbox = try RunningSandbox.unlimited(["--clock-ahead=\(ahead)"])
    defer { sandbox.remove() }
    let bench = try await Bench(sandbox: sandbox) {
      $0.credentialFile = $0.credentialFile.replacing("authorized_user", with: "service_account")
      $0.tokenURI = nil
      $0.mailbox = "billing@example.com"
    }
    let error = try #require(await prepareError(bench))
    #expect(error.code == .clockWrong && error.meaning == .hold(.sender), "\(error)")
    let seconds = try #require(Int(error.detail.prefix { $0 != " " }))
    #expect(abs(seconds + ahead) < 60, "\(error)")
    await bench.loop.shutdown()
    sandbox.stop()
  }

  @Test("a clock that is off by more than a minute is known from Google's answers", arguments: [3600, -3600, 0])
  func clockError(ahead: Int) async throws {
    let sandbox = try RunningSandbox.unlimited(["--clock-ahead=\(ahead)"])
    defer { sandbox.remove() }
    let bench = try await Bench(sandbox: sandbox)
    #expect(await bench.sender.clockError == nil)
    _ = try await bench.prepare()
    let error = await bench.sender.clockError
    #expect(error.map { ($0.seconds / 60).rounded() } == (ahead == 0 ? nil : Double(-ahead / 60)))
    await bench.loop.shutdown()
    sandbox.stop()
  }

  @Test("a refresh token that was revoked between draft and send: not sent, and the sender is held")
  func revoked() async throws {
    let sandbox = try RunningSandbox.unlimited()
    defer {
      sandbox.stop()
      sandbox.remove()
    }
    let bench = try await Bench(sandbox: sandbox)
    let token = try await bench.prepare()
    try sandbox.tokens("revoke")
    let outcome = await bench.sender.send(token, after: .none)
    #expect(Expected(outcome) == .hold(.sender, .credentialInvalid), "\(outcome)")
    #expect("\(outcome)".contains("invalid_grant"))
    await bench.loop.shutdown()
  }
}
