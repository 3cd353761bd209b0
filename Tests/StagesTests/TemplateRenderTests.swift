import Foundation
import Model
import TestSupport
import Testing

@testable import Stages

@Suite("use: template")
struct TemplateRenderTests {
  // MARK: the samples

  @Test(
    "the sample templates make a mail in each language",
    arguments: [
      (
        "fr", "Facture 2026-10-007 – octobre 2026",
        """
        Madame, Monsieur,

        Vous trouverez en pièce jointe notre facture 2026-10-007
        établie au nom de Dupont & Fils.

          Période :        octobre 2026
          Montant :        1.234,50 €
          Échéance :       30/11/2026
          IBAN :           BE68 5390 0754 7034 (Atelier Modèle SRL)
          Communication :  +++090/9337/55493+++

        Merci de reprendre cette communication lors de votre paiement : il

        """
      ),
      (
        "nl", "Factuur 2026-10-007 – oktober 2026",
        """
        Geachte heer, mevrouw,

        In bijlage vindt u onze factuur 2026-10-007
        op naam van Dupont & Fils.

          Periode:         oktober 2026
          Bedrag:          1.234,50 €
          Vervaldatum:     30/11/2026
          IBAN:            BE68 5390 0754 7034 (Atelier Modèle SRL)
          Mededeling:      +++090/9337/55493+++

        Gelieve bij uw betaling deze mededeling te vermelden: zo kunnen wij ze

        """
      ),
      (
        "en", "Invoice 2026-10-007 – October 2026",
        """
        Dear customer,

        Please find attached our invoice 2026-10-007,
        issued to Dupont & Fils.

          Period:          October 2026
          Amount due:      1.234,50 €
          Due date:        30/11/2026
          IBAN:            BE68 5390 0754 7034 (Atelier Modèle SRL)
          Reference:       +++090/9337/55493+++

        Please quote this reference with your payment, so that we can book it

        """
      ),
    ])
  func samples(language: String, subject: String, beginning: String) async throws {
    let message = try await Self.samples().render(Self.invoice(language: language))
    #expect(message.subject == subject)
    #expect(message.text.hasPrefix(beginning))
    #expect(message.text.hasSuffix("Atelier Modèle SRL\nfacturation@modele.example\n"))
    let html = try #require(message.html)
    #expect(html.contains("<html lang=\"\(language)\">"))
    #expect(html.contains("<strong>Dupont &amp; Fils</strong>"))
    #expect(!(message.subject + message.text + html).contains("{{"))
    #expect(message.to == Self.invoice().to)
  }

  @Test("the samples are there in three languages")
  func sampleLanguages() throws {
    #expect(try Self.samples().languages == ["en", "fr", "nl"])
  }

  // MARK: values

  @Test("a field that the invoice lacks fails the delivery, and all missing ones are named")
  func missingField() async throws {
    let folder = try Folder(["t.txt": "{{b}} {{number}} {{a}} {{b}}"])
    let error = await #expect(throws: StageError.self) {
      try await folder.stage(subject: "{{c}}").render(Self.invoice())
    }
    #expect(error == StageError(.fieldMissing, "c, b, a", .reject))
  }

  @Test(
    "a section on a field that the invoice lacks fails the delivery, whatever its kind",
    arguments: [
      "{{#gone}}x{{/gone}}", "{{^gone}}x{{/gone}}", "{{#amount}}{{gone}}{{/amount}}", "{{{gone}}}", "{{&gone}}",
    ])
  func missingInSection(text: String) async throws {
    let folder = try Folder(["t.txt": text])
    let error = await #expect(throws: StageError.self) { try await folder.stage().render(Self.invoice()) }
    #expect(error == StageError(.fieldMissing, "gone", .reject))
  }

  @Test("an empty field is there, and false in a section")
  func emptyField() async throws {
    let folder = try Folder(["t.txt": "[{{note}}{{#note}}yes{{/note}}{{^note}}no{{/note}}]"])
    #expect(try await folder.stage().render(Self.invoice()).text == "[no]")
  }

  @Test("a section on a filled field has the field as its context, and still sees the invoice")
  func filledSection() async throws {
    let folder = try Folder(["t.txt": "{{#amount}}{{.}} {{number}}{{/amount}}{{#period}} {{year}}{{/period}}"])
    #expect(try await folder.stage().render(Self.invoice()).text == "1.234,50 € 2026-10-007 2026")
  }

  @Test("a property of the value's own type is no name inside a section")
  func noReflection() async throws {
    let folder = try Folder(["t.txt": "{{#amount}}{{text}}{{/amount}}"])
    let error = await #expect(throws: StageError.self) { try await folder.stage().render(Self.invoice()) }
    #expect(error?.detail == "text")
  }

  @Test("the built-in values are there, and no column of the manifest replaces them")
  func builtIn() async throws {
    let folder = try Folder([
      "t.txt": "{{number}} {{cct}} {{period}} {{period.year}} {{period.month}} {{file}} {{language}} {{to}}"
    ])
    var invoice = Self.invoice()
    invoice.fields["number"] = "false"
    #expect(
      try await folder.stage().render(invoice).text
        == "2026-10-007 CCT123 2026-10 2026 10 FACTURE-2026-10-007.pdf fr Hélène Dupont")
    invoice.to[0].name = nil
    #expect(try await folder.stage().render(invoice).text.hasSuffix(" helene@dupont.example"))
  }

  // MARK: languages

  @Test(
    "an invoice takes the closest language there is, then the default",
    arguments: [("nl", "nl"), ("nl-BE", "nl"), ("NL_be", "nl"), ("de", "fr"), (nil, "fr"), ("", "fr"), ("../nl", "fr")])
  func language(asked: String?, taken: String) async throws {
    let folder = try Folder(["t.fr.txt": "fr", "t.nl.txt": "nl"])
    #expect(try await folder.stage(text: "t.{language}.txt").render(Self.invoice(language: asked)).text == taken)
  }

  @Test("a default language without templates is a mistake of the configuration")
  func noDefault() throws {
    let folder = try Folder(["t.nl.txt": "nl"])
    let error = #expect(throws: TemplateError.self) { try folder.stage(text: "t.{language}.txt") }
    #expect(error?.description == "t.fr.txt: there is no such template in \(folder.path); put it there")
  }

  @Test("a language with a text and without its HTML is a mistake of the configuration")
  func halfALanguage() throws {
    let folder = try Folder(["t.fr.txt": "", "t.fr.html": "", "t.nl.txt": ""])
    let error = #expect(throws: TemplateError.self) {
      try folder.stage(text: "t.{language}.txt", html: "t.{language}.html")
    }
    #expect(error?.file == "t.nl.html")
  }

  @Test("a template in an earlier folder takes the place of the same name in a later one")
  func folders() async throws {
    let (ours, theirs) = (try Folder(["t.txt": "ours"]), try Folder(["t.txt": "theirs", "t.html": "theirs"]))
    let stage = try TemplateRender(
      TemplateConfiguration(
        folders: ["/nonexistent", ours.path, theirs.path], subject: "s", text: "t.txt", html: "t.html",
        defaultLanguage: "fr"))
    let message = try await stage.render(Self.invoice())
    #expect(message.text == "ours")
    #expect(message.html == "theirs")
  }

  // MARK: escaping and partials

  @Test("HTML alone is escaped, in partials too")
  func escaping() async throws {
    let folder = try Folder([
      "t.txt": "{{customer}} {{> p.txt}}", "t.html": "{{customer}} {{> p.txt}}", "p.txt": "{{customer}}",
    ])
    let message = try await folder.stage(subject: "{{customer}} {{> p.txt}}", html: "t.html").render(Self.invoice())
    #expect(message.subject == "Dupont & Fils Dupont & Fils")
    #expect(message.text == "Dupont & Fils Dupont & Fils")
    #expect(message.html == "Dupont &amp; Fils Dupont &amp; Fils")
  }

  @Test("{language} names the file of a partial, and {{language}} stays a value")
  func languageInNames() async throws {
    let folder = try Folder(["t.txt": "{{language}} {{{language}}} {{> p.{language}.txt}}", "p.fr.txt": "bonjour"])
    #expect(try await folder.stage().render(Self.invoice()).text == "fr fr bonjour")
  }

  @Test("what a value says is never read as a template")
  func valueIsNoTemplate() async throws {
    let folder = try Folder(["t.txt": "{{customer}}"])
    var invoice = Self.invoice()
    invoice.fields["customer"] = "{{gone}} {{> p.txt}}"
    #expect(try await folder.stage().render(invoice).text == "{{gone}} {{> p.txt}}")
  }

  // MARK: mistakes in templates

  @Test(
    "a broken template is named with file, line and column",
    arguments: [
      ("one\ntwo {{#a}}x{{/b}}", 2, 15, "this closes a section that is not the one open here"),
      ("one\n{{#a}}\n", 3, 1, "a section is not closed before the end of the file"),
      ("one\r\n\r\nx {{échéance}}", 3, 5, "this tag is not right: a name is made of"),
      ("one\n {{> gone.txt}}", 2, 2, "gone.txt: there is no such template in"),
      ("one\n {{> t.txt}}", 2, 2, "t.txt contains itself"),
      ("{{> ../t.txt}}", 1, 1, "../t.txt: a partial is named without a folder"),
      ("{{! {{ }}\n{{=<% %>=}}", 2, 1, "delimiters cannot be changed"),
      ("x{{period.day}}", 1, 2, "period.day: there is no such value"),
      ("x{{amount.currency}}", 1, 2, "amount.currency: there is no such value"),
      ("x{{uppercased(cct)}}", 1, 2, "uppercased(cct): functions cannot be used"),
      ("x{{}}", 1, 2, "this tag has no name"),
    ])
  func broken(text: String, line: Int, column: Int, reason: String) throws {
    let folder = try Folder(["t.txt": text])
    let error = try #require(#expect(throws: TemplateError.self) { try folder.stage() })
    #expect(error.description.hasPrefix("\(folder.path)/t.txt:\(line):\(column): \(reason)"), "\(error)")
  }

  @Test("a broken partial and a broken subject are named as such")
  func brokenElsewhere() throws {
    let folder = try Folder(["t.txt": "\n\n{{> p.txt}}", "p.txt": "\n{{#a}}{{/b}}"])
    let error = #expect(throws: TemplateError.self) { try folder.stage() }
    #expect(error?.file == "\(folder.path)/p.txt")
    #expect(error?.line == 2)
    let sound = try Folder(["t.txt": ""])
    #expect(throws: TemplateError(file: "subject", line: 1, column: 14, reason: Self.unfinished)) {
      try sound.stage(subject: "Facture {{numéro}}")
    }
  }

  @Test("the name of a month in a language without names is a mistake, not an empty hole")
  func unknownMonth() throws {
    let folder = try Folder(["t.txt": "", "t.fr.txt": "{{period.month_name}}", "t.de.txt": "{{period.month_name}}"])
    let error = #expect(throws: TemplateError.self) { try folder.stage(text: "t.{language}.txt") }
    #expect(error?.file == "\(folder.path)/t.de.txt")
  }

  @Test("a template that is not UTF-8 or too large is refused by name")
  func unreadable() throws {
    let folder = try Folder(["t.txt": ""])
    try Data([0x46, 0xE9]).write(to: URL(fileURLWithPath: folder.path + "/t.txt"))
    #expect(throws: TemplateError(file: folder.path + "/t.txt", reason: "is not UTF-8; save it as UTF-8")) {
      try folder.stage()
    }
    try Data(count: TemplateFolders.maximumSizeInBytes + 1).write(to: URL(fileURLWithPath: folder.path + "/t.txt"))
    #expect(throws: TemplateError.self) { try folder.stage() }
  }

  // MARK: headers and attachments

  @Test(
    "a line break or a control in a subject is refused, not stripped",
    arguments: ["x\r\nBcc: all@evil.example", "x\n", "\rx", "x\u{0}", "x\u{2028}y", "x\u{85}y", "x\ty"])
  func subjectInjection(value: String) async throws {
    let folder = try Folder(["t.txt": "", "s.txt": "Facture {{customer}}\n"])
    var invoice = Self.invoice()
    invoice.fields["customer"] = value
    for subject in ["Facture {{customer}}", "{{> s.txt}}"] {
      let error = await #expect(throws: StageError.self) { try await folder.stage(subject: subject).render(invoice) }
      #expect(error == StageError(.invalidHeader, "Subject: customer", .reject), "the field is named")
    }
  }

  @Test("a line break of the template itself names the subject alone")
  func subjectOfLines() async throws {
    let folder = try Folder(["t.txt": "{{amount}}"])
    var invoice = Self.invoice()
    invoice.fields["amount"] = "1\n2"  // not in the subject
    let error = await #expect(throws: StageError.self) { try await folder.stage(subject: "a\nb").render(invoice) }
    #expect(error == StageError(.invalidHeader, "Subject", .reject))
  }

  @Test("an address stands once in a mail: To before Cc before Bcc, whatever its capitals and the form of its domain")
  func recipientsOnce() async throws {
    let folder = try Folder(["t.txt": ""])
    var invoice = Self.invoice()
    invoice.to = [
      Mailbox(name: "Ann", address: "ann@x.be"), Mailbox(address: "Ann@X.be"), Mailbox(address: "b@münchen.example"),
    ]
    invoice.cc = [
      Mailbox(address: "ANN@x.be"), Mailbox(address: "c@x.be"), Mailbox(address: "b@xn--mnchen-3ya.example"),
    ]
    invoice.bcc = [Mailbox(address: "c@x.be"), Mailbox(address: "d@x.be")]
    let message = try await folder.stage().render(invoice)
    #expect(message.to == [invoice.to[0], invoice.to[2]])
    #expect(message.cc == [Mailbox(address: "c@x.be")] && message.bcc == [Mailbox(address: "d@x.be")])
  }

  // MARK: what a template shows

  @Test("line breaks of a value are kept: in HTML as <br>, in every partial, and escaped nevertheless")
  func lines() async throws {
    let folder = try Folder([
      "t.txt": "{{customer}}", "h.html": "<p>{{customer}}</p>{{> p.html}}", "p.html": "{{customer}}|{{{customer}}}",
    ])
    var invoice = Self.invoice()
    invoice.fields["customer"] = "Rue <1>\r\n1000 B\u{2028}&\n'"
    let message = try await folder.stage(html: "h.html").render(invoice)
    let html = "Rue &lt;1&gt;<br>\n1000 B<br>\n&amp;<br>\n&#39;"
    #expect(message.text == "Rue <1>\r\n1000 B\u{2028}&\n'")
    #expect(message.html == "<p>\(html)</p>\(html)|Rue <1>\r\n1000 B\u{2028}&\n'")
  }

  @Test("a mark behind a bracket does not keep it from being escaped")
  func escapedByScalars() async throws {
    let folder = try Folder(["t.txt": "", "h.html": "{{customer}}"])
    var invoice = Self.invoice()
    invoice.fields["customer"] = "<\u{338}b>"
    #expect(
      try await folder.stage(html: "h.html").render(invoice).html.map { Array($0.utf8) }
        == Array("&lt;\u{338}b&gt;".utf8))
  }

  @Test("the fields that mails show are those of all languages, partials and sections")
  func usedFields() throws {
    let folder = try Folder([
      "t.txt": "{{a}}{{#b}}{{.}}{{/b}}{{> p.txt}}{{! not }}", "p.txt": "{{^c}}{{&d}}{{/c}}", "h.html": "{{{e}}}",
    ])
    let used = try folder.stage(subject: "{{f}}", html: "h.html").usedFields
    #expect(used.isSuperset(of: ["a", "b", "c", "d", "e", "f"]) && !used.contains("not"))
  }

  @Test("the line break that ends a subject's file is no part of the subject")
  func subjectFile() async throws {
    let folder = try Folder(["t.txt": "", "s.txt": "Facture {{number}}\r\n"])
    #expect(try await folder.stage(subject: "{{> s.txt}}").render(Self.invoice()).subject == "Facture 2026-10-007")
  }

  @Test("the PDF comes first, and each file has the type of its extension")
  func attachments() async throws {
    var invoice = Self.invoice()
    invoice.attachments = ["Détail.XLSX", "notes", "data.weird", "cgv.pdf"].map {
      FileReference(path: "/in/\($0)", sha256: "00", sizeInBytes: 1)
    }
    let message = try await Folder(["t.txt": ""]).stage().render(invoice)
    #expect(
      message.attachments.map(\.name) == ["FACTURE-2026-10-007.pdf", "Détail.XLSX", "notes", "data.weird", "cgv.pdf"])
    #expect(
      message.attachments.map(\.contentType) == [
        "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/octet-stream", "application/octet-stream", "application/pdf",
      ])
    #expect(message.attachments[0].file == invoice.file)
    #expect(message.html == nil)
  }
}

extension TemplateRenderTests {
  static let unfinished = "this tag is not right: a name is made of a-z, A-Z, 0-9, - and _, and }} follows it"

  static func samples() throws -> TemplateRender {
    let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try TemplateRender(
      TemplateConfiguration(
        folders: [project.appendingPathComponent("examples/templates").path],
        subject: "{{> subject.{language}.txt}}", text: "invoice.{language}.txt", html: "invoice.{language}.html",
        defaultLanguage: "fr"))
  }

  static func invoice(language: String? = "fr") -> Invoice {
    Invoice(
      number: "2026-10-007", cct: "CCT123", period: Period(year: 2026, month: 10),
      file: FileReference(path: "/in/FACTURE-2026-10-007.pdf", sha256: "00", sizeInBytes: 1),
      to: [Mailbox(name: "Hélène Dupont", address: "helene@dupont.example")], language: language,
      fields: [
        "customer": "Dupont & Fils", "amount": "1.234,50 €", "due_date": "30/11/2026",
        "reference": "+++090/9337/55493+++", "note": "",
      ])
  }

  /// A folder of templates that goes with its value.
  final class Folder {
    let path = "/tmp/invoiced-templates-\(UUID().uuidString)"

    init(_ files: [String: String]) throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for (name, text) in files {
        try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func stage(subject: String = "s", text: String = "t.txt", html: String? = nil) throws -> TemplateRender {
      try TemplateRender(
        TemplateConfiguration(folders: [path], subject: subject, text: text, html: html, defaultLanguage: "fr"))
    }
  }
}
