import Files
import Foundation
import Model

/// Turns a message into a mail (RFC 5322, RFC 2045 to 2047, RFC 2231).
///
/// The same message, files and settings make the same bytes.
package struct MailEncoder: Sendable {
  /// Google's limit, To, Cc and Bcc together.
  package static let maximumRecipients = 100

  private let from: Mailbox
  private let replyTo: [Mailbox]
  private let date: Date
  private let messageID: String?
  private let headers: [(name: String, value: String)]
  private let keepsBcc: Bool

  /// - Parameters:
  ///   - replyTo: none writes no Reply-To.
  ///   - date: for the Date header, written in UTC.
  ///   - messageID: with its angle brackets; nil leaves it to the server that takes the mail.
  ///   - headers: more of them, ASCII, such as the delivery's key.
  ///   - keepsBcc: whether blind copies stand in the mail, for a server that reads the recipients from it (and takes
  ///     them out) or a file that shows them.
  package init(
    from: Mailbox, replyTo: [Mailbox], date: Date, messageID: String?, headers: [(String, String)],
    keepsBcc: Bool
  ) {
    self.from = from
    self.replyTo = replyTo
    self.date = date
    self.messageID = messageID
    self.headers = headers.map { (name: $0.0, value: $0.1) }
    self.keepsBcc = keepsBcc
  }

  /// Opens every attachment, checks that it has the size and digest of its reference, and lays out the mail.
  ///
  /// Reads each file once: call it on `IOThread`. Every error rejects this message alone: `.fileMissing`,
  /// `.fileForbidden`, `.fileUnreadable`, `.fileChanged`, `.invalidRecipient`, `.tooManyRecipients`, `.invalidHeader`
  /// with the header's name (a control character in a value is refused, never taken out).
  package func encode(_ message: Message, files: FileRoots) throws(StageError) -> MailBody {
    var top = try header(of: message)
    let marker = boundaryMarker(top.text, message)
    let text = try MailPart.text(message.text, "text/plain")
    var content = text
    if let html = message.html {
      content = try MailPart.multipart("alternative", marker, [text, MailPart.text(html, "text/html")])
    }
    if !message.attachments.isEmpty {
      var parts = [content]
      for attachment in message.attachments {
        parts.append(try MailPart.attachment(attachment, open(attachment, files)))
      }
      content = try MailPart.multipart("mixed", marker, parts)
    }
    try top.add("MIME-Version", "1.0")
    return MailBody(content.segments(after: top.text))
  }

  /// Everything above the MIME headers.
  private func header(of message: Message) throws(StageError) -> HeaderWriter {
    let recipients = message.to.count + message.cc.count + message.bcc.count
    guard recipients > 0 else { throw StageError(.invalidRecipient, "no recipient", .reject) }
    guard recipients <= Self.maximumRecipients else {
      throw StageError(.tooManyRecipients, "\(recipients) > \(Self.maximumRecipients)", .reject)
    }
    var header = HeaderWriter()
    try header.add("Date", MailDate.text(of: date))
    try header.addMailboxes("From", [from])
    try header.addMailboxes("Reply-To", replyTo)
    try header.addMailboxes("To", message.to)
    try header.addMailboxes("Cc", message.cc)
    if keepsBcc { try header.addMailboxes("Bcc", message.bcc) }
    try header.addText("Subject", message.subject)
    if let messageID {
      guard messageID.hasPrefix("<"), messageID.hasSuffix(">"), !messageID.contains(" ") else {
        throw StageError(.invalidHeader, "Message-ID", .reject)
      }
      try header.add("Message-ID", messageID)
    }
    try header.add("Auto-Submitted", "auto-generated")
    for (name, value) in headers { try header.add(name, value) }
    return header
  }

  private func open(_ attachment: Attachment, _ files: FileRoots) throws(StageError) -> OpenFile {
    do throws(FileAccessError) {
      let reference = attachment.file
      let file = try files.open(reference.path)
      guard file.sizeInBytes == reference.sizeInBytes, try file.sha256() == reference.sha256 else {
        throw FileAccessError(.fileChanged, reference.path, "has changed since it was selected")
      }
      return file
    } catch {
      throw error.stageError
    }
  }

  /// The same for the same mail, and another for any other.
  private func boundaryMarker(_ header: String, _ message: Message) -> String {
    let digests = message.attachments.map(\.file.sha256)
    let content = [header, message.text, message.html ?? ""] + digests
    return String(SHA256Hasher.digest(of: Array(content.joined(separator: "\n").utf8)).prefix(32))
  }
}
