import Foundation
import Model

@testable import Mail

/// Text that becomes part of a mail's header: addresses, names, subjects, names of attachments.
enum HeaderTarget {
  @Sendable static func check(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    checkAddresses(text)
    checkDomain(text)
    write(text) { (writer) throws(StageError) in try writer.addText("Subject", text) }
    write(text) { (writer) throws(StageError) in try writer.add("X-Invoiced-Key", text) }
    write(text) { (writer) throws(StageError) in
      try writer.addMailboxes("From", [Mailbox(name: text, address: "a@x.be")])
    }
    write(text) { (writer) throws(StageError) in try writer.addMailboxes("To", [Mailbox(address: text)]) }
    var named = HeaderWriter()
    if (try? named.add(text, "value")) != nil { HeaderProperties.check(named.text, fields: 1) }
    checkAttachment(text)
  }

  private static func write(_ text: String, _ write: (inout HeaderWriter) throws(StageError) -> Void) {
    var writer = HeaderWriter()
    do throws(StageError) {
      try write(&writer)
    } catch {
      property("what is refused leaves nothing", writer.text.isEmpty, writer.text)
      return
    }
    property("no control character passes", !text.hasControl, text)
    // Nothing but blanks makes a field without a value, which is one line all the same.
    HeaderProperties.check(writer.text, fields: 1)
  }

  private static func checkAddresses(_ text: String) {
    guard let mailboxes = try? AddressParser.parse(text) else { return }
    HeaderProperties.checkAccepted("To", mailboxes)
    for mailbox in mailboxes {
      guard let name = mailbox.name else { continue }
      property("a display name has no control character", !name.hasControl, name)
      // By scalars: a mark behind a backslash makes no other character of it.
      let escaped = name.unicodeScalars.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : "\($0)" }.joined()
      let again = try? AddressParser.parse("\"\(escaped)\" <\(mailbox.address)>")
      property("a mailbox can be written and read again", again == [mailbox], "\(mailbox) \(again ?? [])")
    }
  }

  private static func checkDomain(_ text: String) {
    guard let name = try? DomainName.ascii(text) else { return }
    property(
      "a name is letters, digits, hyphens and dots",
      name.utf8.allSatisfy { byte in
        (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46
      }, name)
    property("a name of the DNS is its own", (try? DomainName.ascii(name)) == name, name)
  }

  private static func checkAttachment(_ text: String) {
    let name = AttachmentName(text)
    property("an attachment has a name", !name.name.isEmpty && name.name.utf8.count <= 200, name.name)
    property("a name is no path", !name.name.utf8.contains { $0 == 47 || $0 == 92 }, name.name)
    var writer = HeaderWriter()
    do throws(StageError) {
      try writer.add("Content-Disposition", "attachment", parameters: name.dispositionParameters)
    } catch {
      property("a name of an attachment can stand in a mail", false, "\(error)")
    }
    HeaderProperties.check(writer.text, fields: 1)
  }
}
