import Foundation
import Gmail
import Model
import TestSupport
import Testing
import Transfer

@Suite struct CredentialFileTests {
  private let file = CredentialFile(path: "/etc/gmail.json")

  private func failure(_ json: String, _ file: CredentialFile? = nil) -> StageError? {
    do throws(StageError) {
      _ = try (file ?? self.file).credential(from: Data(json.utf8))
      return nil
    } catch {
      return error
    }
  }

  @Test("gcloud's authorized_user has Google's token endpoint")
  func authorizedUser() throws {
    let json =
      #"{"type":"authorized_user","client_id":"a","client_secret":"b","refresh_token":"c","quota_project_id":"d"}"#
    let expected = Credential.refreshToken(
      clientID: "a", clientSecret: Secret("b"), refreshToken: Secret("c"), tokenURI: .googleToken)
    #expect(try file.credential(from: Data(json.utf8)) == expected)
  }

  @Test(
    "a file that others than its owner may write is refused", arguments: [0o600, 0o644, 0o440, 0o660, 0o646, 0o666])
  func writable(mode: Int) async throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("c.json", Array(#"{"client_id":"a","client_secret":"b","refresh_token":"c"}"#.utf8))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    let isSafe = [0o600, 0o644, 0o440].contains(mode)
    do throws(StageError) {
      _ = try await CredentialFile(path: path).read()
      #expect(isSafe)
    } catch {
      #expect(!isSafe && error.code == .credentialInvalid && error.meaning == .hold(.sender))
      #expect(error.detail.contains("chmod go-w"), "\(error)")
    }
  }

  @Test("google-auth's token.json has no type and its own token endpoint")
  func tokenJSON() throws {
    let json = """
      {"token":"x","refresh_token":"c","token_uri":"https://t.example/token","client_id":"a","client_secret":"b",
       "scopes":["https://www.googleapis.com/auth/gmail.compose"],"expiry":"2026-01-01T00:00:00Z"}
      """
    #expect(try file.credential(from: Data(json.utf8)).tokenURI.description == "https://t.example/token")
  }

  @Test("the configuration's token endpoint wins over the file's")
  func override() throws {
    let uri = try #require(TrustedURL("https://mine.example/token"))
    let json = #"{"client_id":"a","client_secret":"b","refresh_token":"c","token_uri":"https://t.example"}"#
    let credential = try CredentialFile(path: "/f", tokenURI: uri).credential(from: Data(json.utf8))
    #expect(credential.tokenURI == uri)
  }

  @Test("a service account's key")
  func serviceAccount() throws {
    let json = """
      {"type":"service_account","client_email":"a@b.example","private_key_id":"k","private_key":"PEM",
       "token_uri":"https://oauth2.googleapis.com/token"}
      """
    let expected = Credential.serviceAccount(
      email: "a@b.example", keyID: "k", privateKey: Secret("PEM"), tokenURI: .googleToken)
    #expect(try file.credential(from: Data(json.utf8)) == expected)
  }

  @Test("nothing but white space counts as no credential", arguments: ["", "\n", " \r\n\t"])
  func blank(text: String) {
    #expect(failure(text) == StageError(.credentialMissing, "/etc/gmail.json", .hold(.sender)))
  }

  @Test(
    "what is wrong is named with the file and the field",
    arguments: [
      ("[]", "no JSON object"), ("{}", "client_id is missing"),
      (#"{"type":"authorized_user","client_id":"a","client_secret":"b"}"#, "refresh_token is missing"),
      (#"{"type":"authorized_user","client_id":"a","client_secret":7}"#, "client_secret has the wrong type"),
      (#"{"type":"service_account","client_email":"a"}"#, "private_key is missing"),
      (#"{"type":"external_account"}"#, "external_account"),
      (#"{"installed":{"client_id":"a","client_secret":"b"}}"#, "traded for a refresh token"),
      (#"{"web":{"client_id":"a"}}"#, "traded for a refresh token"),
      (
        #"{"client_id":"a","client_secret":"b","refresh_token":"c","token_uri":"http://evil.example"}"#,
        "token_uri is no https address"
      ),
      (
        #"{"client_id":"a","client_secret":"b","refresh_token":"c","token_uri":"http://127.0.0.1:1"}"#,
        "token_uri is no https address"
      ),
      (
        #"{"client_id":"a","client_secret":"b","refresh_token":"c","token_uri":"https://t.example/\r\nx"}"#,
        "token_uri is no https address"
      ),
      (
        #"{"client_id":"a","client_secret":"b","refresh_token":"c","token_uri":"https://t.example/a b"}"#,
        "token_uri is no https address"
      ),
    ])
  func wrong(json: String, words: String) throws {
    let error = try #require(failure(json))
    #expect(error.code == .credentialInvalid && error.meaning == .hold(.sender))
    #expect(error.detail.hasPrefix("/etc/gmail.json: ") && error.detail.contains(words), "\(error.detail)")
  }

  @Test("what is shown of an unknown type is short")
  func longType() throws {
    let type = "e" + String(repeating: "\u{301}", count: 10_000)
    #expect(try #require(failure(#"{"type":"\#(type)"}"#)).detail.utf8.count < 200)
  }

  @Test("no description shows a secret")
  func secrecy() throws {
    let json = #"{"client_id":"a","client_secret":"S3CRET","refresh_token":"S3CRET"}"#
    let credential = try file.credential(from: Data(json.utf8))
    var dumped = ""
    dump(credential, to: &dumped)
    #expect(!"\(credential) \(String(reflecting: credential)) \(dumped)".contains("S3CRET"))
    #expect(try #require(failure(#"{"client_id":"a","client_secret":"S3CRET"}"#)).detail.contains("S3CRET") == false)
  }
}
