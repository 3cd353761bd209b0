/// `delivered`: a mail went out. What counts, when it is asked how often somebody got an invoice.
struct DeliveredLine: Encodable {
  let account: String
  /// Nil for `messages.send`.
  let draft: String?
  /// The new id that the sent message has.
  let message: String
  let thread: String
  /// `X-Invoiced-Key`
  let key: String?
  /// To, Cc and Bcc.
  let recipients: [String]
  /// As it stands in the header, encoded words and all.
  let subject: String?
  /// Of the mail as uploaded.
  let sha256: String
  let bytes: Int
  /// Name below `sent`.
  let file: String
  /// `api` or `person`.
  let by: Sender
}
