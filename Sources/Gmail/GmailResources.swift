import Foundation

/// A draft, or what is left of it in an answer (resource `users.drafts`).
package struct Draft: Sendable, Hashable, Decodable {
  package var id: String
  package var message: MessageID
}

/// The two ids of a message (resource `users.messages`).
package struct MessageID: Sendable, Hashable, Decodable {
  package var id: String
  package var threadId: String?

  package init(id: String, threadId: String?) {
    self.id = id
    self.threadId = threadId
  }
}

/// A draft with the header of its message.
struct DraftHeader: Sendable, Decodable {
  var message: MailThread.Message
}

/// One page of drafts.
package struct DraftPage: Sendable, Decodable {
  package var drafts: [Draft]?
  package var nextPageToken: String?
}

/// The account (resource `users.getProfile`).
package struct Profile: Sendable, Decodable {
  package var emailAddress: String
}

/// A conversation, with labels and the headers that were asked for (resource `users.threads`).
package struct MailThread: Sendable, Decodable {
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

  package var messages: [Message]?
}
