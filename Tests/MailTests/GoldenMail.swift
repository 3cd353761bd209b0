import Files
import Foundation
import Model

@testable import Mail

/// A message, and what a reader of its mail has to see: stored beside the mail for `check.py`.
struct GoldenMail: Sendable {
  struct File: Sendable {
    let name: String
    let contentType: String
    let content: [UInt8]
    /// What the recipient sees, where that differs from the name.
    var shownName: String?
  }

  let name: String
  var from = MailFixture.from
  var replyTo: [Mailbox] = []
  var message: Message
  var files: [File] = []
  var messageID: String?

  private var headers: [(String, String)] { [("X-Invoiced-Key", "k3yst0re.42.1")] }

  func encode(_ fixture: MailFixture) throws -> MailBody {
    var message = message
    message.attachments = try files.enumerated().map { index, file in
      try fixture.attachment(file.name, file.content, contentType: file.contentType, as: "file\(index)")
    }
    return try fixture.encoder(from: from, replyTo: replyTo, headers: headers, messageID: messageID)
      .encode(message, files: fixture.files)
  }

  func expectation() throws -> Data {
    let expectation = Expectation(
      from: [from], replyTo: replyTo, to: message.to, cc: message.cc, bcc: message.bcc, subject: message.subject,
      headers: Dictionary(headers + [("Auto-Submitted", "auto-generated")], uniquingKeysWith: { $1 }),
      date: "2026-11-22T15:04:05+00:00", messageID: messageID, text: message.text, html: message.html,
      attachments: files.map { file in
        Expectation.File(
          name: file.shownName ?? file.name, contentType: file.contentType, sizeInBytes: file.content.count,
          sha256: SHA256Hasher.digest(of: file.content))
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return try encoder.encode(expectation) + Data("\n".utf8)
  }

  private struct Expectation: Encodable {
    struct File: Encodable {
      let name: String
      let contentType: String
      let sizeInBytes: Int
      let sha256: String
    }

    let from, replyTo, to, cc, bcc: [Mailbox]
    let subject: String
    let headers: [String: String]
    let date: String
    let messageID: String?
    let text: String
    let html: String?
    let attachments: [File]
  }
}
