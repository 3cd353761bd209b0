import Foundation
import Model

@testable import Mail

/// What is true of the header of a mail.
enum HeaderProperties {
  /// Mailboxes that an import took: each can stand in a mail.
  static func checkAccepted(_ name: String, _ mailboxes: [Mailbox]) {
    for mailbox in mailboxes {
      property(
        "an address that was accepted can be sent to", (try? AddressParser.check(address: mailbox.address)) != nil,
        mailbox.address)
    }
    var writer = HeaderWriter()
    do throws(StageError) {
      try writer.addMailboxes(name, mailboxes)
    } catch {
      property("mailboxes that were accepted can stand in a mail", false, "\(mailboxes): \(error)")
    }
    check(writer.text, fields: mailboxes.isEmpty ? 0 : 1)
  }

  /// The text of a writer: so many whole fields and not a byte more.
  static func check(_ text: String, fields: Int) {
    let bytes = Array(text.utf8)
    property("a header ends in CRLF", bytes.isEmpty || bytes.suffix(2) == [13, 10], text)
    var begun = 0
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
      property("a line of a header ends in CRLF", line.last == 13, text)
      let content = line.dropLast()
      property("a line of a header is printable ASCII", content.allSatisfy { (32...126).contains($0) }, text)
      property("a line of a header has at most 998 bytes", content.count <= 998, text)
      property("no line of a header is empty", content.contains { $0 != 32 }, text)
      if content.first != 32 { begun += 1 }
    }
    property("a value begins no field of its own", begun == fields, text)
  }
}
