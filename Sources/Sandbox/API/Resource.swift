import Foundation

/// What the API answers, in Google's JSON.
enum Resource {
  struct Draft: Encodable {
    let id: String
    let message: Message
  }

  struct Message: Encodable {
    let id: String
    let threadId: String
    var labelIds: [String]?
    var payload: Payload?
  }

  struct Payload: Encodable {
    struct Header: Encodable {
      let name: String
      let value: String
    }

    let mimeType: String
    let headers: [Header]

    init(_ header: HeaderBlock) {
      mimeType = String((header["Content-Type"] ?? "text/plain").prefix { $0 != ";" })
      headers = header.fields.map { Header(name: $0.name, value: $0.value) }
    }
  }

  struct DraftList: Encodable {
    /// Left out when there are none, as Google does.
    let drafts: [Draft]?
    let nextPageToken: String?
    let resultSizeEstimate: Int
  }

  struct Thread: Encodable {
    let id: String
    let messages: [Message]
  }

  struct Profile: Encodable {
    let emailAddress: String
    let messagesTotal: Int
    let threadsTotal: Int
    let historyId: String
  }
}

extension Resource.Message {
  init(_ draft: Draft, withHeader: Bool = false) {
    self.init(
      id: draft.message, threadId: draft.thread, labelIds: ["DRAFT"],
      payload: withHeader ? Resource.Payload(draft.header) : nil)
  }

  init(_ sent: SentMessage) {
    self.init(id: sent.message, threadId: sent.thread, labelIds: ["SENT"])
  }
}
