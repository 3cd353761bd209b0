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
