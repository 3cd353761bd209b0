import Foundation
import Model
import Testing

@testable import Mail

@Suite struct HeaderTests {
  let fixture: MailFixture

  init() throws { fixture = try MailFixture() }

  private func refusal(_ message: Message, headers: [(String, String)] = []) -> StageError? {
    #expect(throws: StageError.self) {
      try fixture.encoder(headers: headers).encode(message, files: fixture.files)
    }
  }

  @Test(
    "a control character in a value from data is refused with the header's name",
    arguments: ["\r\nBcc: x@y.be", "\n", "\r", "\0", "\t", "\u{7F}", "\u{85}", "\u{2028}", "é\r\n"])
  func injection(control: String) throws {
    let to = Mailbox(name: "Jean\(control)", address: "a@b.be")
    let key = { (name: String) in StageError(.invalidHeader, name, .reject) }
    #expect(refusal(MailFixture.message(subject: "Facture\(control)")) == key("Subject"))
    #expect(refusal(MailFixture.message(to: [to])) == key("To"))
    #expect(refusal(MailFixture.message(to: [Mailbox(address: "a@b.be\(control)")])) == key("To"))
    #expect(refusal(MailFixture.message(), headers: [("X-Key", "a\(control)")]) == key("X-Key"))
    let named = try fixture.attachment("a\(control).pdf", [1])
    #expect(refusal(MailFixture.message(attachments: [named])) == key("Content-Disposition"))
    let typed = try fixture.attachment("a.pdf", [1], contentType: "application/pdf\(control)")
    #expect(refusal(MailFixture.message(attachments: [typed])) == key("Content-Type"))
  }

  @Test("a header's name and value that cannot be are refused", arguments: ["", "X Key", "X:Key", "Clé", "X\r\nY"])
  func names(name: String) {
    #expect(refusal(MailFixture.message(), headers: [(name, "a")])?.code == .invalidHeader)
    #expect(refusal(MailFixture.message(), headers: [("X-Key", "é")])?.detail == "X-Key")
  }

  @Test("recipients are counted and checked")
  func recipients() {
    let many = (0...100).map { Mailbox(address: "a\($0)@b.be") }
    #expect(refusal(MailFixture.message(to: many))?.code == .tooManyRecipients)
    #expect(refusal(MailFixture.message(to: []))?.code == .invalidRecipient)
    #expect(
      refusal(MailFixture.message(to: [Mailbox(address: "jérôme@b.be")]))
        == StageError(.invalidRecipient, "jérôme@b.be: local_part_not_ascii", .reject))
    #expect(refusal(MailFixture.message(to: [Mailbox(address: "a@b")]))?.code == .invalidRecipient)
  }

  @Test("the headers stand in order, the date in UTC, without what is empty")
  func order() throws {
    let lines = try fixture.headerLines(MailFixture.message(), headers: [("X-Invoiced-Key", "s.1.1")])
    #expect(
      lines == [
        "Date: Sun, 22 Nov 2026 15:04:05 +0000", "From: Facturation <facturation@example.be>", "To: a@b.be",
        "Subject: Facture", "Auto-Submitted: auto-generated", "X-Invoiced-Key: s.1.1", "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: quoted-printable",
      ])
  }

  @Test("blind copies stand in the mail only where that is asked for")
  func bcc() throws {
    var message = MailFixture.message()
    message.bcc = [Mailbox(address: "secret@b.be")]
    #expect(try fixture.headerLines(message).contains("Bcc: secret@b.be"))
    let encoder = MailEncoder(
      from: MailFixture.from, replyTo: [], date: MailFixture.date, messageID: nil, headers: [], keepsBcc: false)
    let bytes = try MailFixture.read(encoder.encode(message, files: fixture.files).makeReader())
    #expect(!String(decoding: bytes, as: UTF8.self).contains("secret"))
  }

  @Test("long headers fold at blanks into lines of at most 76 characters")
  func folding() throws {
    let to = (1...20).map { Mailbox(name: "Personne \($0)", address: "personne.\($0)@example.be") }
    let subject = (1...40).map { "mot\($0)" }.joined(separator: " ")
    let lines = try fixture.headerLines(MailFixture.message(to: to, subject: subject))
    #expect(lines.allSatisfy { $0.utf8.count <= 76 && !$0.hasSuffix(" ") })
    #expect(lines.joined(separator: "\r\n").replacing("\r\n ", with: " ").contains("Subject: \(subject)\r\n"))
  }

  @Test(
    "a subject that cannot be folded or kept as it is becomes encoded words",
    arguments: [
      String(repeating: "x", count: 2000), "double  blank", " leading", "trailing ", "=?UTF-8?Q?fake?=", "été",
    ])
  func encodedSubject(subject: String) throws {
    let lines = try fixture.headerLines(MailFixture.message(subject: subject))
    #expect(lines.contains { $0.hasPrefix("Subject: =?UTF-8?") })
    #expect(lines.allSatisfy { $0.utf8.count <= 76 })
  }

  @Test("encoded words are split between whole characters")
  func wholeCharacters() throws {
    let family = "👨‍👩‍👧‍👦"
    let text = String(repeating: family + "é", count: 30)
    for word in EncodedWords.encode(text) {
      #expect(word.hasPrefix("=?UTF-8?B?") && word.utf8.count <= 75)
      let data = try #require(Data(base64Encoded: String(word.dropFirst(10).dropLast(2))))
      let piece = try #require(String(data: data, encoding: .utf8))
      #expect(piece.allSatisfy { String($0) == family || $0 == "é" })
    }
  }

  @Test("a character longer than a word is split between its scalars")
  func hugeCharacter() {
    let words = EncodedWords.encode("e" + String(repeating: "\u{301}", count: 200))
    #expect(words.allSatisfy { $0.utf8.count <= 75 } && words.count > 8)
  }

  @Test("an empty subject is an empty header")
  func emptySubject() throws {
    #expect(try fixture.headerLines(MailFixture.message(subject: "")).contains("Subject:"))
  }
}
