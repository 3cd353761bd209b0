import Foundation

/// A draft. This lies beside its body below `drafts`, so that drafts outlive the process.
struct Draft: Codable, Sendable {
  /// `r-…`
  let id: String
  /// Counts drafts, for the order of lists.
  let number: Int
  /// 16 hexadecimal digits; another after each edit.
  var message: String
  let thread: String
  var header: HeaderBlock
  /// To, Cc and Bcc.
  let recipients: [String]
  /// `X-Invoiced-Key`
  let key: String?
  /// Length and SHA-256 of the mail as uploaded.
  let bytes: Int
  let sha256: String
  /// Whether a recipient `ratelimit@…` has had its refusal.
  var wasLimited = false

  init(_ upload: Upload, number: Int, account: String) {
    id = Identifier.draft()
    self.number = number
    message = Identifier.message()
    thread = message
    header = upload.header
    header.set("Message-ID", Identifier.messageIDHeader())
    recipients = upload.recipients
    key = upload.key
    bytes = upload.bytes
    sha256 = upload.sha256
    // Any other sender than the account is replaced without a word, its display name kept.
    if let from = upload.header["From"], AddressList(from)?.addresses != [account] {
      let name = from.contains("<") ? from.prefix { $0 != "<" } : ""
      header.set("From", "\(name)<\(account)>")
    }
  }

  /// As an edit in Gmail's pages leaves it: the same draft, another message.
  mutating func edit() {
    message = Identifier.message()
    header.set("Message-ID", Identifier.messageIDHeader())
  }
}
