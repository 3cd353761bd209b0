import Foundation
import Model

@testable import Gmail
@testable import Transfer

/// An answer of Google's, or of somebody between Google and us: head and body as they come from the network, as the
/// end of each call and as what the token endpoint said.
enum GmailTarget {
  /// What an error's text may take: it goes into the store, and to people.
  private static let maximumDetailSizeInBytes = 4096
  private static let now = Date(timeIntervalSince1970: 1_800_000_000)
  private static let token = DraftToken(
    apiRoot: "https://a.example", account: "a@example.com", draft: "r-1", message: "m", thread: "t", key: "s.1.1",
    sha256: "")

  @Sendable static func check(_ bytes: [UInt8]) {
    checkToken(String(decoding: bytes, as: UTF8.self))
    guard let response = response(bytes) else { return }
    checkResources(response)
    checkEndpoint(response)
    if (200..<300).contains(response.status) {
      for earlier in [EarlierAttempts.none, .unknown] {
        switch GmailReply(.success(response)).outcome(of: token, after: earlier, now: now) {
        case .sent(let receipt):
          property("\"sent\" wants Google's JSON, and the message's id", response.isJSON && !receipt.message.isEmpty)
        case .unknown(.answerLost, let detail): checkDetail(detail)
        case let outcome: property("a 2xx is sent or unknown", false, "\(outcome)")
        }
      }
    } else {
      checkError(GmailError(response, now: now), response)
    }
  }

  /// Nil where there is no status line: libcurl calls that a failure.
  private static func response(_ bytes: [UInt8]) -> TransferResponse? {
    var answer = Answer()
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 10) {
      let line = rest[...end]
      rest = rest[(end + 1)...]
      guard line.withUnsafeBytes({ answer.append(header: $0) }) else { return nil }
      if line.count <= 2 { break }
    }
    guard rest.withUnsafeBytes({ answer.append(body: $0) }), let status = answer.status, status < 600 else {
      return nil
    }
    return TransferResponse(status: status, headers: answer.headers, body: answer.body)
  }

  private static func checkError(_ error: GmailError, _ response: TransferResponse) {
    let isGoogles = isGoogles(response)
    property("only Google's JSON is Google's", !error.isGoogles || isGoogles)
    checkDetail(error.description)
    if let hint = error.hint {
      property("a named wait is in the future", hint > .zero)
      // As the account's gate does.
      property("a named wait can be bounded", min(max(hint, .seconds(1)), .seconds(900)) <= .seconds(900))
    }
    checkDetail(error.stageError(waiting: .seconds(3)).detail)
    for earlier in [EarlierAttempts.none, .unknown] {
      switch GmailReply(.refused(error), wait: .seconds(3)).outcome(of: token, after: earlier, now: now) {
      case .sent: property("a refusal is no success", false)
      case .notSent(let stageError):
        property("\"not sent\" wants Google's own word", isGoogles && error.isGoogles, "\(response.status)")
        property(
          "these never prove anything", response.status < 500 && ![404, 409, 412].contains(response.status),
          "\(response.status)")
        property(
          "\"not sent\" is never a retry without a reason", stageError.meaning != .retry(after: nil), "\(stageError)")
      case .unknown(_, let detail): checkDetail(detail)
      case .missing(_, let detail):
        property("Google's own 404 of a first attempt is looked into, and no other", earlier == .none && isGoogles)
        property("it is a 404", response.status == 404, "\(response.status)")
        checkDetail(detail)
      case .ask: property("an answer alone asks nobody", false)
      }
    }
  }

  private static func checkDetail(_ text: String) {
    property("the words of an error are bounded", text.utf8.count <= maximumDetailSizeInBytes, "\(text.utf8.count)")
  }

  /// What any answer of Google's that is no 2xx has; Foundation looks no closer at members that nobody asks for.
  private struct Mark: Decodable {
    struct Fields: Decodable { var code: Double }

    var error: Fields
  }

  private static func isGoogles(_ response: TransferResponse) -> Bool {
    response.isJSON
      && (try? JSONDecoder().decode(Mark.self, from: response.body))?.error.code == Double(response.status)
  }

  private static func checkResources(_ response: TransferResponse) {
    func decode<T: GmailResource>(_ type: T.Type) -> T? {
      do throws(StageError) {
        let value = try GmailClient.resource(type, from: response)
        property("only JSON is read", response.isJSON)
        return value
      } catch {
        property("an unreadable body is tried again", error.meaning == .retry(after: nil))
        return nil
      }
    }
    _ = decode(Profile.self)
    _ = decode(MailThread.self)
    for draft in [decode(Draft.self)].compactMap({ $0 }) + (decode(DraftPage.self)?.drafts ?? []) {
      let escaped = GmailClient.escape(draft.id)
      property(
        "an id cannot leave its place in a path",
        escaped.utf8.allSatisfy { byte in
          (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
            || "-._~%".utf8.contains(byte)
        }, escaped)
      var made = token
      made.draft = draft.id
      made.message = draft.message.id
      made.thread = draft.message.threadId
      guard let text = try? made.token() else { continue }
      property("a token is within its bound", text.text.utf8.count <= SendToken.maximumSizeInBytes)
      property("a token can be read again", DraftToken(text) == made)
    }
  }

  /// A token as the store has it.
  private static func checkToken(_ text: String) {
    guard let token = DraftToken(SendToken(text)), let again = try? token.token() else { return }
    property("a token can be written and read again", DraftToken(again) == token)
  }

  private static func checkEndpoint(_ response: TransferResponse) {
    let credential = Credential.refreshToken(
      clientID: "a", clientSecret: Secret("b"), refreshToken: Secret("c"), tokenURI: .googleToken)
    let request = TokenRequest(
      credential: credential, configuration: GmailConfiguration(credentialFile: "/f"), time: .system)
    do throws(StageError) {
      let token = try request.token(from: response, askedAt: .zero)
      property("only a 200 in JSON brings a token", response.status == 200 && response.isJSON)
      property("a token lives at most a day", (.zero ... .seconds(86400)).contains(token.expiresAt))
      let secret = token.secret.value
      property(
        "no description shows a token", secret.utf8.count < 12 || !"\(token)".contains(secret), "\(token)")
    } catch {
      checkDetail(error.detail)
      switch error.meaning {
      case .wait, .hold: break
      case .retry, .reject: property("the token endpoint fails no delivery", false, "\(error)")
      }
    }
  }
}
