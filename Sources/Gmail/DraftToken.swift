import Foundation
import Model

/// What Gmail's `SendToken` says: one draft of one account, and what was put into it.
package struct DraftToken: Codable, Sendable, Hashable {
  package var apiRoot: String
  /// The account's own address.
  package var account: String
  package var draft: String
  /// The draft's message: another id later means that somebody edited it.
  package var message: String
  package var thread: String?
  /// Text of the delivery's key, as in the mail's header.
  package var key: String
  /// Of the whole mail: 64 lower-case hexadecimal digits.
  package var sha256: String

  enum CodingKeys: String, CodingKey {
    case account, draft, message, thread, key, sha256
    case apiRoot = "api_root"
  }

  package init(
    apiRoot: String, account: String, draft: String, message: String, thread: String?, key: String, sha256: String
  ) {
    self.apiRoot = apiRoot
    self.account = account
    self.draft = draft
    self.message = message
    self.thread = thread
    self.key = key
    self.sha256 = sha256
  }

  /// Nil: not a token of this sender.
  package init?(_ token: SendToken) {
    guard let value = try? WireJSON.decode(DraftToken.self, from: Data(token.text.utf8)) else { return nil }
    self = value
  }

  /// Throws when Google's ids are so long that the token passes its bound.
  package func token() throws(StageError) -> SendToken {
    guard let json = try? WireJSON.encode(self), json.count <= SendToken.maximumSizeInBytes else {
      throw StageError(.serverError, "the draft's ids are too long", .retry(after: nil))
    }
    return SendToken(String(decoding: json, as: UTF8.self))
  }
}
