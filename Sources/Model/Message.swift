/// A rendered mail, before it is encoded: RFC 5322 headers and MIME are the mail encoder's business.
package struct Message: Codable, Sendable, Hashable {
  package var to: [Mailbox]
  package var cc: [Mailbox]
  package var bcc: [Mailbox]
  package var subject: String
  package var text: String
  /// Nil: the mail has plain text only.
  package var html: String?
  package var attachments: [Attachment]

  package init(
    to: [Mailbox], cc: [Mailbox] = [], bcc: [Mailbox] = [], subject: String, text: String, html: String? = nil,
    attachments: [Attachment] = []
  ) {
    self.to = to
    self.cc = cc
    self.bcc = bcc
    self.subject = subject
    self.text = text
    self.html = html
    self.attachments = attachments
  }
}

/// A file of a mail, by reference: its bytes are read, and compared with the digest, while they are sent.
package struct Attachment: Codable, Sendable, Hashable {
  package var file: FileReference
  /// What the recipient sees.
  package var name: String
  /// Media type (RFC 2046).
  package var contentType: String

  package init(file: FileReference, name: String, contentType: String) {
    self.file = file
    self.name = name
    self.contentType = contentType
  }

  enum CodingKeys: String, CodingKey {
    case file, name
    case contentType = "content_type"
  }
}
