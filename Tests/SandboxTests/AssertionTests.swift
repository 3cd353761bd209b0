import Foundation
import TestSupport
import Testing

@Suite struct AssertionTests {
  private struct ServiceAccount: Decodable {
    let clientEmail: String
    let privateKeyId: String
    let privateKey: String
    let tokenUri: String
  }

  @Test("a service account's signed assertion gets a token for the account, and for nobody else")
  func verifies() throws {
    let sandbox = try RunningSandbox()
    let file = sandbox.state.appending(path: "service_account.json")
    let account = try decode(ServiceAccount.self, Data(contentsOf: file))

    let good = try exchange(sandbox, account, sub: "billing@example.com", key: account.privateKey)
    var gmail = try GmailClient(sandbox)
    gmail.token = try good.json(GmailClient.Token.self).accessToken
    #expect(try gmail.profile().text.contains("billing@example.com"))

    let other = try exchange(sandbox, account, sub: "boss@example.com", key: account.privateKey)
    #expect(other.status == 401 && other.text.contains("unauthorized_client"))
    let stranger = try run("openssl", ["genpkey", "-quiet", "-algorithm", "RSA"]).output
    let forged = try exchange(sandbox, account, sub: "billing@example.com", key: stranger)
    #expect(forged.status == 400 && forged.text.contains("Invalid JWT Signature."))
    let old = try exchange(sandbox, account, sub: "billing@example.com", key: account.privateKey, age: 7200)
    #expect(old.status == 400 && old.text.contains("short-lived"))
  }

  private func exchange(
    _ sandbox: RunningSandbox, _ account: ServiceAccount, sub: String, key: String, age: Int = 0
  ) throws -> Reply {
    let now = Int(Date().timeIntervalSince1970) - age
    let header = #"{"alg":"RS256","typ":"JWT","kid":"\#(account.privateKeyId)"}"#
    let claims = """
      {"iss":"\(account.clientEmail)","sub":"\(sub)","scope":"https://www.googleapis.com/auth/gmail.compose",\
      "aud":"\(account.tokenUri)","iat":\(now),"exp":\(now + 3600)}
      """
    let signed = [header, claims].map { base64URL(Data($0.utf8)) }.joined(separator: ".")
    let files = ["key", "signed", "signature"].map { sandbox.state.appending(path: $0) }
    try Data(key.utf8).write(to: files[0])
    try Data(signed.utf8).write(to: files[1])
    _ = try run("openssl", ["dgst", "-sha256", "-sign", files[0].path, "-out", files[2].path, files[1].path])
    let assertion = "\(signed).\(base64URL(try Data(contentsOf: files[2])))"
    return try sandbox.curl([
      "-d", "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer", "-d", "assertion=\(assertion)",
      account.tokenUri,
    ])
  }

  private func base64URL(_ data: Data) -> String {
    data.base64EncodedString().replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
      .trimmingCharacters(in: ["="])
  }
}
