import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import SSE

@Suite struct AccessTests {
  private func request(_ headers: HTTPHeaders, _ method: HTTPMethod = .GET, port: Int? = 8025) -> Request {
    Request(method: method, path: [], query: [], headers: headers, body: ByteBuffer(), port: port)
  }

  private func refusal(_ access: Access, _ request: Request) -> HTTPResponseStatus? {
    do {
      try access.check(request)
      return nil
    } catch { return (error as? HTTPError)?.status }
  }

  @Test(
    "loopback names are ours with our port alone",
    arguments: [
      ("localhost:8025", true), ("LOCALHOST:8025", true), ("127.0.0.1:8025", true), ("[::1]:8025", true),
      ("localhost", false), ("localhost:8026", false), ("127.0.0.1.evil.example:8025", false), ("", false),
      ("invoices.example", true), ("Invoices.Example", true), ("invoices.example:444", false),
    ])
  func hosts(name: String, isOurs: Bool) {
    var access = Access()
    access.hosts = ["invoices.example"]
    #expect(refusal(access, request(["Host": name])) == (isOurs ? nil : .misdirectedRequest))
  }

  @Test("two Host headers are none")
  func twoHosts() {
    #expect(
      refusal(Access(), request(["Host": "localhost:8025", "Host": "localhost:8025"])) == .misdirectedRequest)
  }

  @Test("a link to the page may stand anywhere; a frame, a script or an address of data may not go across sites")
  func links() {
    func status(_ path: [String], _ site: String, _ mode: String, _ destination: String, _ method: HTTPMethod = .GET)
      -> HTTPResponseStatus?
    {
      var asked = request(
        [
          "Host": "localhost:8025", "Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination,
          "X-Invoiced": "1",
        ], method)
      asked.path = path
      return refusal(Access(), asked)
    }
    #expect(status([], "cross-site", "navigate", "document") == nil)
    #expect(status(["jobs", "7"], "same-site", "navigate", "document") == nil)
    #expect(status([], "cross-site", "navigate", "iframe") == .forbidden)
    #expect(status([], "cross-site", "cors", "empty") == .forbidden)
    #expect(status([], "cross-site", "navigate", "document", .POST) == .forbidden)
    #expect(status(["jobs"], "cross-site", "navigate", "document") == .forbidden)
    #expect(status(["jobs", "7", "events"], "same-site", "navigate", "document") == .forbidden)
  }

  @Test("a word about the sender that stands there twice is nobody's")
  func twice() {
    let host: HTTPHeaders = ["Host": "localhost:8025"]
    func status(_ name: String, _ first: String, _ second: String) -> HTTPResponseStatus? {
      var headers = host
      headers.add(name: name, value: first)
      headers.add(name: name, value: second)
      headers.add(name: "Sec-Fetch-Mode", value: "navigate")
      headers.add(name: "Sec-Fetch-Dest", value: "document")
      return refusal(Access(), request(headers))
    }
    #expect(status("Sec-Fetch-Site", "same-origin", "cross-site") == .forbidden)
    #expect(status("Sec-Fetch-Site", "cross-site", "cross-site") == .forbidden)
    #expect(status("Sec-Fetch-Site", "same-origin", "same-origin") == .forbidden)
    #expect(status("Origin", "http://localhost:8025", "http://localhost:8025") == .forbidden)
    // Nor does another way in replace it.
    let value = Access().sessions.open(User(name: "anna", mayStart: true), now: .now)
    let two = request([
      "Host": "localhost:8025", "Authorization": "Bearer a", "Authorization": "Bearer b",
      "Cookie": "invoiced_8025=\(value)",
    ])
    #expect(throws: HTTPError.self) { try Access().user(two, now: .now) }
  }

  @Test(
    "a proxy's name has to be one that can be read",
    arguments: [
      ("anna", "anna"), (" Zoë Müller ", "Zoë Müller"), ("", nil), (" ", nil), ("anna\u{202E}toor", nil),
      ("\u{2066}anna", nil), ("an\u{200B}na", nil), ("anna\u{2028}bert", nil), ("an\u{1B}[2Jna", nil),
      ("anna\u{3164}", nil), (String(repeating: "a", count: 65), nil),
    ])
  func proxiedNames(given: String, name: String?) {
    var access = Access()
    access.startPermissions = .everybody
    access.proxy = Access.Proxy(header: "X-Remote-User", secret: nil)
    let user = try? access.user(request(["X-Remote-User": given], port: nil), now: .now)
    #expect(user?.name == name)
  }

  @Test("a cookie goes by the port, and by nothing that merely looks like it")
  func cookies() {
    let access = Access()
    let ours = request(["Host": "localhost:8025", "Cookie": "a=b; invoiced_8025=secret; invoiced=other"])
    #expect(access.cookie(ours) == "secret")
    #expect(access.cookie(request(["Host": "localhost:8026", "Cookie": "invoiced_8025=secret"])) == nil)
    #expect(access.cookie(request(["Host": "localhost:8025", "Cookie": "xinvoiced_8025=secret"])) == nil)
  }

  @Test("a session ends after its time, and when it is closed")
  func sessions() {
    let (sessions, now) = (Sessions(), Date(timeIntervalSince1970: 1_000_000))
    let user = User(name: "anna", mayStart: true)
    let value = sessions.open(user, now: now)
    #expect(value.count == 64)
    #expect(sessions.user(value, now: now + Sessions.lifetime - 1) == user)
    #expect(sessions.user(value, now: now + Sessions.lifetime) == nil)
    #expect(sessions.user(String(value.dropLast()), now: now) == nil)
    sessions.close(value)
    #expect(sessions.user(value, now: now) == nil)
  }

  @Test("who may start", arguments: [("", false), ("*", true), ("bert, anna", true), ("bert,annabel", false)])
  func starters(text: String, may: Bool) {
    #expect(StartPermissions(text).user("anna") == User(name: "anna", mayStart: may))
  }

  @Test("the name of nobody is no name")
  func emptyStarter() {
    #expect(StartPermissions("anna,").user("").mayStart == false)
  }
}

@Suite struct TokenFileTests {
  private static let token = "0123456789abcdef"

  @Test("lines with a name, a right and a token; remarks and empty lines are passed over")
  func reads() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("tokens", "# scripts\n\nanna start \(Self.token)\n bert\tview  x\(Self.token) \n".utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let tokens = try TokenFile(path: path)
    #expect(tokens.user(Self.token) == User(name: "anna", mayStart: true))
    #expect(tokens.user("x" + Self.token) == User(name: "bert", mayStart: false))
    #expect(tokens.user("") == nil)
    #expect(tokens.user(String(Self.token.dropLast())) == nil)
  }

  @Test(
    "a bad line is named, and its token is not",
    arguments: [
      "anna start", "an\u{202E}na start 0123456789abcdef", "anna admin 0123456789abcdef", "anna start 0123456789abcde",
      "anna start 0123456789abcdef x",
    ])
  func badLine(line: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("tokens", "# first\n\(line)\n".utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let failure = #expect(throws: TokenFile.Failure.self) { try TokenFile(path: path) }
    #expect(failure?.description.hasPrefix("\(path):2: ") == true)
    #expect(failure?.description.contains("0123456789") == false)
  }

  @Test("one token cannot be two people's")
  func twice() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("tokens", "anna start \(Self.token)\nbert view \(Self.token)\n".utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let failure = #expect(throws: TokenFile.Failure.self) { try TokenFile(path: path) }
    #expect(failure?.description.hasPrefix("\(path):2: ") == true)
  }

  @Test("a proxy's secret is not empty")
  func emptySecret() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("secret", "\n".utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    #expect(throws: TokenFile.Failure.self) { try TokenFile.single(path) }
    try "  \(Self.token)\n".write(toFile: path, atomically: false, encoding: .utf8)
    #expect(try TokenFile.single(path) == Self.token)
  }

  @Test("a file that others may read is refused, and so is one that is not there")
  func openFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("tokens", "anna start \(Self.token)\n".utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    #expect(throws: TokenFile.Failure.self) { try TokenFile(path: path) }
    #expect(throws: TokenFile.Failure.self) { try TokenFile(path: folder("nothing")) }
  }
}
