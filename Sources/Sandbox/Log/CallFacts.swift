/// What a call was about, for the log.
struct CallFacts: Encodable, Sendable {
  var draft: String?
  var message: String?
  /// To, Cc and Bcc.
  var recipients: [String]?
  /// `X-Invoiced-Key`
  var key: String?
  /// Length of the mail as uploaded.
  var bytes: Int?
}

extension CallFacts {
  init(_ upload: Upload) {
    self.init(recipients: upload.recipients, key: upload.key, bytes: upload.bytes)
  }

  init(_ draft: Draft) {
    self.init(
      draft: draft.id, message: draft.message, recipients: draft.recipients, key: draft.key, bytes: draft.bytes)
  }

  init(_ sent: SentMessage) {
    self.init(
      draft: sent.draft, message: sent.message, recipients: sent.recipients, key: sent.key, bytes: sent.bytes)
  }
}
