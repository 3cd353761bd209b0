import Foundation
import Transfer

/// What an answer says, once it is believed.
///
/// Whoever acts on an answer acts on what Google said, not on a status line: a proxy's block page and a hotel's log-in
/// page answer 200, too. So an answer counts where its content type is JSON's, where it decodes, and where its resource
/// is plausible: decoding alone takes `{}` for a page without drafts.
protocol GmailResource: Decodable, Sendable {
  /// Whether Google can have said it: what identifies the resource is there.
  var isPlausible: Bool { get }
}

extension TransferResponse {
  /// By its content type (RFC 8259, section 11), which Google sends with every body.
  var isJSON: Bool {
    let type = header("Content-Type")?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
    return type?.lowercased() == "application/json"
  }

  /// Neither Google's JSON nor its answer without a body: somebody answers in Google's place.
  var isForeign: Bool { !isJSON && !(status == 204 && body.isEmpty) }

  /// Nil: it is not Google's, or broken.
  func resource<T: GmailResource>(_ type: T.Type) -> T? {
    guard isJSON, let value = try? JSONDecoder().decode(type, from: body), value.isPlausible else { return nil }
    return value
  }
}

/// Google's ids are short words of printable ASCII.
private func isID(_ text: String) -> Bool {
  (1...512).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
}

/// A draft, or what is left of it in an answer (resource `users.drafts`).
package struct Draft: GmailResource, Hashable {
  package var id: String
  package var message: MessageID

  var isPlausible: Bool { isID(id) && message.isPlausible }
}

/// The two ids of a message (resource `users.messages`).
package struct MessageID: GmailResource, Hashable {
  package var id: String
  package var threadId: String?

  package init(id: String, threadId: String?) {
    self.id = id
    self.threadId = threadId
  }

  var isPlausible: Bool { isID(id) && threadId.map(isID) ?? true }
}

/// A draft with the header of its message.
struct DraftHeader: GmailResource {
  var id: String
  var message: MailThread.Message

  var isPlausible: Bool { isID(id) && isID(message.id) }
}

/// One page of drafts.
package struct DraftPage: GmailResource {
  package var drafts: [Draft]?
  package var nextPageToken: String?
  /// Stands there where there are no drafts, too.
  var resultSizeEstimate: Int?

  var isPlausible: Bool { (drafts != nil || resultSizeEstimate != nil) && (drafts ?? []).allSatisfy(\.isPlausible) }
}

/// The account (resource `users.getProfile`).
package struct Profile: GmailResource {
  package var emailAddress: String

  var isPlausible: Bool { isID(emailAddress) && emailAddress.contains("@") }
}

/// A conversation, with labels and the headers that were asked for (resource `users.threads`).
package struct MailThread: GmailResource {
  package struct Message: Sendable, Decodable {
    package var id: String
    package var labelIds: [String]?
    package var payload: Payload?
  }

  package struct Payload: Sendable, Decodable {
    package var headers: [Header]?
  }

  package struct Header: Sendable, Decodable {
    package var name: String
    package var value: String
  }

  package var id: String
  package var messages: [Message]?

  var isPlausible: Bool { isID(id) && (messages ?? []).allSatisfy { isID($0.id) } }
}
