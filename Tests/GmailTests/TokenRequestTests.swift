import Foundation
import Model
import Testing
import Transfer

@testable import Gmail

@Suite struct TokenRequestTests {
  private let request = TokenRequest(
    credential: .refreshToken(
      clientID: "a", clientSecret: Secret("b"), refreshToken: Secret("c"), tokenURI: .googleToken),
    configuration: GmailConfiguration(credentialFile: "/f"), time: .system)

  @Test("the words of the token endpoint are kept to a bound", arguments: ["x", "\u{301}"])
  func bound(repeated: String) throws {
    let words = String(repeating: repeated, count: 10_000)
    let body = #"{"error":"\#(words)","error_description":"\#(words)"}"#
    let response = TransferResponse(status: 400, headers: [("Content-Type", "application/json")], body: Data(body.utf8))
    let error = try #require(throws: StageError.self) { try request.token(from: response, askedAt: .zero) }
    #expect(error.code == .credentialInvalid && error.detail.utf8.count < 4096)
  }
}
