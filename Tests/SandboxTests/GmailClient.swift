import Foundation
import TestSupport
import Testing

/// The calls of Gmail's API that the tests need, by `curl`, over one version of HTTP.
struct GmailClient {
  struct Draft: Decodable {
    let id: String
    let message: Message
  }

  struct Message: Decodable {
    let id: String
    let threadId: String
    let labelIds: [String]
  }

  struct Token: Decodable {
    let accessToken: String
  }

  struct AuthorizedUser: Decodable {
    let clientId: String
    let clientSecret: String
    let refreshToken: String
  }

  let sandbox: RunningSandbox
  /// `--http2` or `--http1.1`
  var http = "--http2"
  var token = ""

  /// With a token of the refresh grant.
  init(_ sandbox: RunningSandbox, http: String = "--http2") throws {
    self.sandbox = sandbox
    self.http = http
    token = try refresh().json(Token.self).accessToken
  }

  func refresh(secret: String? = nil) throws -> Reply {
    let file = sandbox.state.appending(path: "authorized_user.json")
    let user = try decode(AuthorizedUser.self, Data(contentsOf: file))
    let form = [
      "grant_type": "refresh_token", "client_id": user.clientId, "client_secret": secret ?? user.clientSecret,
      "refresh_token": user.refreshToken,
    ]
    return try sandbox.curl([http] + form.flatMap { ["--data-urlencode", "\($0)=\($1)"] } + [sandbox.url + "/token"])
  }

  func request(_ path: String, _ arguments: [String] = []) throws -> Reply {
    try sandbox.curl([http, "-H", "Authorization: Bearer \(token)"] + arguments + [sandbox.url + path])
  }

  func create(_ mail: String) throws -> Reply {
    let file = sandbox.state.appending(path: UUID().uuidString)
    try Data(mail.utf8).write(to: file)
    return try upload(file)
  }

  func upload(_ file: URL, _ arguments: [String] = []) throws -> Reply {
    try request(
      "/upload/gmail/v1/users/me/drafts?uploadType=media",
      ["-H", "Content-Type: message/rfc822", "-H", "Expect:", "--data-binary", "@\(file.path)"] + arguments)
  }

  func send(_ draft: String) throws -> Reply {
    try request(
      "/gmail/v1/users/me/drafts/send", ["-H", "Content-Type: application/json", "-d", #"{"id":"\#(draft)"}"#])
  }

  func get(_ draft: String) throws -> Reply { try request("/gmail/v1/users/me/drafts/\(draft)?format=minimal") }

  func profile() throws -> Reply { try request("/gmail/v1/users/me/profile") }

  /// A draft to this address; fails the test when there is none.
  func draft(to recipient: String = "ann@example.org") throws -> Draft {
    let reply = try create(Self.mail(to: recipient))
    try #require(reply.status == 200, "\(reply.text)")
    return try reply.json(Draft.self)
  }

  static func mail(to recipient: String) -> String {
    [
      "From: Facturation <billing@example.com>", "To: Ann <\(recipient)>", "Bcc: archive@example.com",
      "Subject: Facture 2026-001", "Message-ID: <ours@example.com>", "X-Invoiced-Key: store.7.1",
      "MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8", "", "Bonjour, ça va ?", "",
    ].joined(separator: "\r\n")
  }
}
