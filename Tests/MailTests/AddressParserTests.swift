import Model
import Testing

@testable import Mail

@Suite struct AddressParserTests {
  @Test("a cell may hold several addresses, between commas or semicolons")
  func several() throws {
    #expect(
      try AddressParser.parse(" a@b.be; c@d.fr ,e@f.nl;; ")
        == [Mailbox(address: "a@b.be"), Mailbox(address: "c@d.fr"), Mailbox(address: "e@f.nl")])
    #expect(try AddressParser.parse("") == [])
    #expect(try AddressParser.parse(" \u{A0}") == [])
  }

  @Test(
    "a display name may be quoted or not, with accents, and hold what would separate",
    arguments: [
      ("Jérôme Lefèvre <j@b.be>", "Jérôme Lefèvre"),
      ("\"Dupont, Jean; père\" <j@b.be>", "Dupont, Jean; père"),
      (#""L'\"As\" \\ Cie" < j@b.be >"#, #"L'"As" \ Cie"#),
      ("Dr. A. Müller 🎉<j@b.be>", "Dr. A. Müller 🎉"),
      ("j@b.be <j@b.be>", "j@b.be"),
      ("\"a <b> (c)\" <j@b.be>", "a <b> (c)"),
      ("日本 太郎 <j@b.be>", "日本 太郎"),
    ])
  func names(text: String, name: String) throws {
    #expect(try AddressParser.parse(text) == [Mailbox(name: name, address: "j@b.be")])
  }

  @Test("an empty name is no name")
  func noName() throws {
    #expect(try AddressParser.parse("<j@b.be>, \"\" <k@b.be>").map(\.name) == [nil, nil])
  }

  @Test(
    "a display name that shows another address than the one behind it is refused",
    arguments: [
      "\"boss@bank.example\" <c@x.example>", "boss@bank.example <c@x.example>",
      "Ann «boss@bank.example». <c@x.example>",
      "\"boss＠bank.example\" <c@x.example>", "\"boss@\u{200B}bank.example\" <c@x.example>",
      "\"Ann (böss@bänk.example)\" <c@x.example>",
    ])
  func misleadingName(text: String) {
    let error = #expect(throws: AddressError.self) { try AddressParser.parse(text) }
    #expect(error?.reason == .nameIsAddress)
  }

  @Test(
    "one that shows the same address, or an @ that is none, is a name",
    arguments: ["C@X.example", "Ann @ Home", "@ann"])
  func harmlessName(name: String) throws {
    #expect(try AddressParser.parse("\"\(name)\" <c@x.example>") == [Mailbox(name: name, address: "c@x.example")])
  }

  @Test("a blank inside an address is no accent", arguments: [" ", "\u{A0}", "\u{2009}", "\u{3000}"])
  func blank(_ blank: String) {
    let error = #expect(throws: AddressError.self) { try AddressParser.parse("a\(blank)b@x.example") }
    #expect(error?.reason == .localPart)
  }

  @Test("a long row of flags in an address costs no time")
  func flags() {
    let start = ContinuousClock.now
    let text = String(repeating: "\u{1F1E6}", count: 15_000)
    #expect(throws: AddressError.self) { try AddressParser.parse(text) }
    #expect(throws: AddressError.self) { try AddressParser.parse("a@" + text) }
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  @Test("invisible characters around an address are dropped")
  func invisibleEnds() throws {
    #expect(
      try AddressParser.parse("\u{202A}j@b.be\u{202C};\u{FEFF}Ann\u{200E} <\u{200B}k@b.be\u{200B}>")
        == [Mailbox(address: "j@b.be"), Mailbox(name: "Ann", address: "k@b.be")])
  }

  @Test("a domain stays in Unicode")
  func unicodeDomain() throws {
    #expect(try AddressParser.parse("info@münchen.example") == [Mailbox(address: "info@münchen.example")])
  }

  @Test(
    "what is no address is refused for its own reason",
    arguments: [
      ("Dupont, Jean <j@b.be>", AddressError.Reason.notAnAddress, "Dupont"),
      ("j.b.be", .notAnAddress, "j.b.be"),
      ("Jean (père) <j@b.be>", .comment, "Jean (père) <j@b.be>"),
      ("j@b.be\r\nBcc: x@y.be", .control, "j@b.be\r\nBcc: x@y.be"),
      ("a@b.be\tc@d.be", .control, "a@b.be\tc@d.be"),
      ("j\u{202E}@b.be", .invisible, "j\u{202E}@b.be"),
      ("J\u{202E}n <j@b.be>", .control, "J\u{202E}n <j@b.be>"),
      ("j\u{200B}@b.be", .invisible, "j\u{200B}@b.be"),
      ("j@b\u{AD}.be", .invisible, "j@b\u{AD}.be"),
      ("Jean <j@b.be", .unbalanced, "Jean <j@b.be"),
      ("Jean j@b.be>", .unbalanced, "Jean j@b.be>"),
      ("\"Jean <j@b.be>", .unbalanced, "\"Jean <j@b.be>"),
      ("Jean <j@b.be> père", .unbalanced, "Jean <j@b.be> père"),
      ("Jean \"le grand\" <j@b.be>", .unbalanced, "Jean \"le grand\""),
      ("<a@b.be,c@d.be>", .unbalanced, "<a@b.be,c@d.be>"),
      ("jérôme@b.be", .localPartNotASCII, "jérôme@b.be"),
      ("a b@b.be", .localPart, "a b@b.be"),
      ("@b.be", .localPart, "@b.be"),
      ("a..b@b.be", .localPart, "a..b@b.be"),
      ("a.@b.be", .localPart, "a.@b.be"),
      ("a@b@c.be", .localPart, "a@b@c.be"),
      ("mailto:a@b.be", .localPart, "mailto:a@b.be"),
      ("a@localhost", .domain, "localhost"),
      ("a@", .domain, ""),
      ("a@b..be", .domain, "b..be"),
      ("a@b.be.", .domain, "b.be."),
      ("a@-b.be", .domain, "-b.be"),
      ("a@b_c.be", .domain, "b_c.be"),
      ("a@192.168.0.1", .domain, "192.168.0.1"),
      ("a@[192.168.0.1]", .domain, "[192.168.0.1]"),
    ])
  func refused(text: String, reason: AddressError.Reason, part: String) {
    #expect(throws: AddressError(reason, part)) { try AddressParser.parse(text) }
  }

  @Test("lengths are bounded as in the mail protocols")
  func lengths() throws {
    let label = String(repeating: "b", count: 63)
    try AddressParser.check(address: String(repeating: "a", count: 64) + "@\(label).be")
    #expect(throws: AddressError.self) {
      try AddressParser.check(address: String(repeating: "a", count: 65) + "@b.be")
    }
    #expect(throws: AddressError.self) { try AddressParser.check(address: "a@\(label)b.be") }
    #expect(throws: AddressError.self) {
      try AddressParser.check(address: "a@\(label).\(label).\(label).\(label)")
    }
  }

  @Test("an error quotes at most 200 characters")
  func longText() {
    let error = #expect(throws: AddressError.self) {
      try AddressParser.parse(String(repeating: "x", count: 10_000))
    }
    #expect(error?.text.count == 200)
  }
}
