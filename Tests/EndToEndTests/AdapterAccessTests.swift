import Foundation
import Model
import TestSupport
import Testing

@Suite("Who may come to invoiced-sse", .startsPrograms)
struct AdapterAccessTests {
  /// A request that must not be answered as it wishes.
  struct Bad: CustomTestStringConvertible {
    var testDescription: String
    var path: String
    var arguments: [String]
    var status: Int

    init(_ description: String, _ path: String, _ arguments: [String], _ status: Int) {
      (testDescription, self.path, self.arguments, self.status) = (description, path, arguments, status)
    }
  }

  private static let json = ["-H", "X-Invoiced: 1", "-H", "Content-Type: application/json", "-d", "{}"]
  private static let bearer = RunningAdapter.bearer()

  private static let bad: [Bad] = [
    Bad("a foreign host", "/", ["-H", "Host: invoices.evil.example"], 421),
    Bad("a loopback name with another port", "/", ["-H", "Host: 127.0.0.1:1"], 421),
    Bad("another site", "/jobs", bearer + ["-H", "Sec-Fetch-Site: cross-site"], 403),
    Bad("a subdomain", "/jobs", bearer + ["-H", "Sec-Fetch-Site: same-site"], 403),
    Bad("a site that is named twice", "/", ["-H", "Sec-Fetch-Site: none", "-H", "Sec-Fetch-Site: cross-site"], 403),
    Bad("another origin", "/jobs", bearer + ["-H", "Origin: https://evil.example"], 403),
    Bad("an opaque origin", "/jobs", bearer + ["-H", "Origin: null"], 403),
    Bad("a form", "/jobs", bearer + ["-d", "a=b"], 403),
    Bad("a form with the header", "/jobs", bearer + ["-H", "X-Invoiced: 1", "-d", "a=b"], 415),
    Bad("nobody", "/jobs", [], 401),
    Bad("nobody on a stream", "/events", [], 401),
    Bad("a made-up cookie", "/jobs", ["-H", "Cookie: invoiced_8025=1; invoiced=2"], 401),
    Bad("a made-up token", "/jobs", ["-H", "Authorization: Bearer 0123456789abcdef"], 401),
    Bad(
      "a made-up code", "/session",
      ["-H", "X-Invoiced: 1", "-H", "Content-Type: application/json", "-d", #"{"code":"1"}"#], 401),
    Bad("one who may only look", "/jobs", RunningAdapter.bearer(RunningAdapter.viewToken) + json, 403),
    Bad("a large head", "/", ["-H", "X-A: " + String(repeating: "a", count: 100_000)], 431),
    Bad(
      "a large head of small fields", "/",
      (0..<200).flatMap { ["-H", "X-\($0): " + String(repeating: "a", count: 100)] }, 431),
    Bad("another host's path", "//evil.example/status", bearer, 404),
    Bad("an empty part of a path", "/jobs//1/events", bearer, 404),
    Bad("a large body", "/jobs", bearer + ["-H", "Expect:", "-H", "X-Invoiced: 1", "--data-binary", "@BIG"], 413),
    Bad("a job that is not there", "/jobs/77/events", bearer, 404),
    Bad("a job that is no number", "/jobs/x/events", bearer, 404),
    Bad("a method that is not there", "/plan", bearer, 405),
    Bad("no path of ours", "/etc/passwd", bearer, 404),
    Bad(
      "a field of the wrong type", "/jobs",
      bearer + ["-H", "X-Invoiced: 1", "-H", "Content-Type: application/json", "-d", #"{"cct":1}"#], 400),
  ]

  @Test("what must not be is refused")
  func refusals() async throws {
    let adapter = try await RunningAdapter(try await RunningDaemon())
    let big = adapter.daemon.folder + "/big"
    try Data(repeating: 65, count: 70_000).write(to: URL(filePath: big))
    for bad in Self.bad {
      let answer = try await adapter.curl(bad.path, bad.arguments.map { $0.replacing("@BIG", with: "@\(big)") })
      #expect(answer.status == bad.status, "\(bad.testDescription): \(answer)")
    }
    #expect(try await adapter.curl("/health").status == 200)
  }

  @Test("a code opens one session, in the name that it was made for")
  func codes() async throws {
    let adapter = try await RunningAdapter(try await RunningDaemon())
    let address = try await adapter.daemon.ctl("web", "--for", "clara", "--url", adapter.url + "/").output
    let code = address.trimmingCharacters(in: .newlines).components(separatedBy: "#code=").last ?? ""
    #expect(address.hasPrefix(adapter.url + "/#code=") && code.count == 32)
    let jar = adapter.daemon.folder + "/jar"
    let open = ["-H", "X-Invoiced: 1", "-H", "Content-Type: application/json", "-d", #"{"code":"\#(code)"}"#]
    let opened = try await adapter.curl("/session", open + ["-c", jar])
    #expect(opened.status == 200 && opened.body == #"{"may_start":true,"name":"clara"}"#)
    #expect(try await adapter.curl("/session", open).status == 401)
    #expect(try await adapter.curl("/jobs", ["-b", jar]).status == 200)
    #expect(try await adapter.curl("/session", ["-b", jar, "-H", "X-Invoiced: 1", "-X", "DELETE"]).status == 204)
    #expect(try await adapter.curl("/jobs", ["-b", jar]).status == 401)
  }

  @Test("a proxy's word for a name counts with its secret alone")
  func proxy() async throws {
    let daemon = try await RunningDaemon()
    let secret = daemon.folder + "/secret"
    try "a secret of the proxy\n".write(toFile: secret, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret)
    let adapter = try await RunningAdapter(
      daemon, ["--user-header", "X-Remote-User", "--proxy-secret", secret, "--host", "invoices.example"])
    let named = ["-H", "Host: invoices.example", "-H", "X-Remote-User: clara"]
    #expect(try await adapter.curl("/session", named).status == 403)
    #expect(try await adapter.curl("/session", named + ["-H", "X-Proxy-Secret: wrong"]).status == 403)
    let known = try await adapter.curl("/session", named + ["-H", "X-Proxy-Secret: a secret of the proxy"])
    #expect(known.status == 200 && known.body == #"{"may_start":true,"name":"clara"}"#)
  }

  @Test("the readers above the cap are refused, and those below it stay")
  func cap() async throws {
    let daemon = try await RunningDaemon()
    let adapter = try await RunningAdapter(daemon, ["--max-readers", "2"])
    let readers = try (1...2).map { _ in try adapter.stream("/events") }
    for reader in readers { try await reader.wrote("event: snapshot") }
    let third = try await adapter.curl("/events", RunningAdapter.bearer() + ["-D", "-"])
    let head = third.body.lowercased()
    #expect(third.status == 503 && head.contains("retry-after"))
    #expect(head.contains("connection: close"), "those who are refused do not keep others out")
    readers[0].kill(SIGTERM)
    _ = try await readers[0].end()
    try await eventually("there is a place again") {
      let reader = try adapter.stream("/events", ["-m", "1"])
      _ = try await reader.end()
      return reader.output.contains("event: snapshot")
    }
    #expect(readers[1].status == nil)
  }

  @Test("below a path everything is there, and nothing beside it")
  func prefix() async throws {
    let adapter = try await RunningAdapter(try await RunningDaemon(), ["--prefix", "/office/invoices/"])
    #expect(try await adapter.curl("/office/invoices/").body.contains("<title>"))
    #expect(try await adapter.curl("/office/invoices/health").status == 200)
    #expect(try await adapter.curl("/health").status == 404)
    let address = try await adapter.daemon.ctl("web", "--url", adapter.url + "/office/invoices/").output
    let code = address.trimmingCharacters(in: .newlines).components(separatedBy: "#code=").last ?? ""
    let session = try await adapter.curl(
      "/office/invoices/session",
      [
        "-H", "X-Invoiced: 1", "-H", "Content-Type: application/json", "-d", #"{"code":"\#(code)"}"#, "-D", "-",
      ])
    #expect(session.status == 200 && session.body.contains("Path=/office/invoices/;"), "\(session)")
    let reader = try adapter.stream("/office/invoices/events")
    try await reader.wrote("event: snapshot")
  }

  @Test("the page permits its own style and script and nothing else, and is small")
  func page() async throws {
    let adapter = try await RunningAdapter(try await RunningDaemon())
    let answer = try await adapter.curl("/", ["-D", "-"])
    #expect(answer.status == 200 && answer.body.contains("default-src 'none'; style-src 'sha256-"))
    #expect(answer.body.contains("frame-ancestors 'none'"))
    #expect(try await adapter.curl("/").body.utf8.count <= 32 * 1024)
    let sentences = try await adapter.curl("/sentences/fr").body
    #expect(sentences.contains("✅ Email {i}/{total} envoyé : {cct} - {file} → {recipients}"))
    let metrics = try await adapter.curl("/metrics").body
    #expect(metrics.hasSuffix("# EOF") || metrics.hasSuffix("# EOF\n"))
  }
}
