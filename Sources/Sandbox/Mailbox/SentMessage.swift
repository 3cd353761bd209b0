/// A mail that went out.
struct SentMessage: Sendable {
  /// Nil for `messages.send`.
  let draft: String?
  let message: String
  let thread: String
  let recipients: [String]
  let key: String?
  let bytes: Int
}
