import Foundation
import Model
import TestSupport
import Testing

@Suite("importing a manifest", .startsPrograms)
struct ManifestImportTests {
  /// What three invoices look like after an import, in the order of their numbers.
  private func invoices(_ daemon: RunningDaemon) async throws -> String {
    try await daemon.ctl("invoices", "--json").output
  }

  @Test("a table is read as Excel, Unix and a program write it, from a file and from standard input")
  func encodings() async throws {
    let daemon = try await RunningDaemon()
    for name in ["F001.pdf", "été.pdf"] { try daemon.inbox.write(name, SamplePDF.bytes(name)) }
    let rows = [
      "number;cct;period;file;to;note",
      "F001;CCT1;2026-10;F001.pdf;\"Zoé <a@customer.example>, b@customer.example\";\"a;\"\"b\"\"\"",
      "F002;CCT1;2026-10;été.pdf;c@customer.example;déjà",
    ]
    let crlf = rows.joined(separator: "\r\n") + "\r\n"
    let windows = try #require(crlf.data(using: .windowsCP1252))
    let comma = """
      number,cct,period,file,to,note
      F001,CCT1,2026-10,F001.pdf,"Zoé <a@customer.example>; b@customer.example","a;""b"\""
      F002,CCT1,2026-10,été.pdf,c@customer.example,déjà

      """
    let json = [
      #"{"number":"F001","cct":"CCT1","period":"2026-10","file":"F001.pdf","to":["Zoé <a@customer.example>","b@customer.example"],"note":"a;\"b\""}"#,
      #"{"number":"F002","cct":"CCT1","period":"2026-10","file":"été.pdf","to":"c@customer.example","fields":{"note":"déjà"}}"#,
    ].joined(separator: "\n")
    let first = try await daemon.ctl("import", try daemon.inbox.write("excel.csv", windows))
    #expect(first.status == 0 && first.output.contains("2 ajoutée(s), 0 modifiée(s), 0 inchangée(s)"), "\(first)")
    let catalogue = try await invoices(daemon)
    #expect(catalogue.contains("Zoé") && catalogue.contains("été.pdf"))
    let shown = try await daemon.ctl("invoice", "F001")
    #expect(shown.output.contains(#"a;"b""#), "\(shown.output)")
    #expect(try await daemon.ctl("invoice", "F002").output.contains("déjà"))

    // Every other way to write the same changes nothing.
    let files = [
      try daemon.inbox.write("bom.csv", Data([0xEF, 0xBB, 0xBF]) + Data(crlf.utf8)),
      try daemon.inbox.write("comma.csv", comma), try daemon.inbox.write("program.jsonl", json),
    ]
    for file in files {
      let again = try await daemon.ctl("import", file)
      #expect(
        again.status == 0 && again.output.contains("0 ajoutée(s), 0 modifiée(s), 2 inchangée(s)"), "\(file): \(again)")
    }
    for input in [windows, Data(comma.utf8), Data(json.utf8)] {
      let again = try await daemon.ctl("import", "-", input: input)
      #expect(again.status == 0 && again.output.contains("2 inchangée(s)"), "\(again)")
    }
    let named = try await daemon.ctl("import", "-", "--encoding", "windows-1252", "--format", "csv", input: windows)
    #expect(named.status == 0 && named.output.contains("2 inchangée(s)"))
    #expect(try await invoices(daemon) == catalogue)
  }

  @Test("a table from a Mac, from DOS or in another program's format is not read as something else")
  func otherFormats() async throws {
    let daemon = try await RunningDaemon()
    try daemon.inbox.write("f.pdf", SamplePDF.bytes("f"))
    // As Excel on a Mac saves "CSV (Macintosh)": Mac OS Roman, lines that end in CR.
    let head = Data("number;cct;period;file;to;montant;note\rMA-1;MA;2026-10;f.pdf;Zo".utf8)
    let row =
      Data([0x8E]) + Data(" M".utf8) + Data([0x9F]) + Data("ller <a@x.example>;1 234 ".utf8) + Data([0xDB, 0x3B, 0x8E])
    let mac = try daemon.inbox.write("mac.csv", head + row + Data("chance\r".utf8))
    let unclear = try await daemon.ctl("import", mac)
    #expect(unclear.status == 1, "\(unclear)")
    #expect(unclear.errors.contains("Zoé Müller") && unclear.errors.contains("--encoding macintosh"), "\(unclear)")
    let wrong = try await daemon.ctl("import", mac, "--encoding", "utf-8")
    #expect(wrong.status == 1 && wrong.errors.contains("Essayez --encoding macintosh"), "\(wrong)")
    #expect(try await daemon.ctl("import", mac, "--encoding", "macintosh").status == 0)
    let shown = try await daemon.ctl("invoice", "MA-1").output
    #expect(shown.contains("Zoé Müller") && shown.contains("1 234 €") && shown.contains("échance"), "\(shown)")

    for (name, content, reason) in [
      ("a.csv", SamplePDF.bytes("a"), "est un PDF"), ("empty.csv", Data(), "est vide"),
      (
        "b.xlsx", Data("PK\u{3}\u{4}..........................[Content_Types].xml".utf8),
        "est un classeur Excel (.xlsx)"
      ),
    ] {
      let refused = try await daemon.ctl("import", try daemon.inbox.write(name, content))
      #expect(refused.status == 1, "\(refused)")
      #expect(refused.errors.contains(reason) && refused.errors.contains("« CSV UTF-8 »"), "\(refused)")
    }
    let header = try await daemon.ctl("import", try daemon.inbox.write("header.csv", "N°;Client\n1;2\n"))
    #expect(header.output.contains("header.csv:1: en-tête du fichier : N°, Client"), "\(header)")
  }

  @Test("capitals of columns do not matter to templates, and a line sep=; is obeyed")
  func capitals() async throws {
    let daemon = try await RunningDaemon(starts: false)
    try "{{montant}} {{Note}}\n".write(
      toFile: daemon.folder + "/templates/invoice.fr.txt", atomically: false, encoding: .utf8)
    try await daemon.start()
    try daemon.inbox.write("f.pdf", SamplePDF.bytes("f"))
    let rows = "sep=;\r\nNumber;CCT;Period;File;To;Montant;Note\r\nCA-1;CAPS;2026-10;f.pdf;a@x.example;12,50;x\r\n"
    #expect(try await daemon.ctl("import", try daemon.inbox.write("caps.csv", rows)).status == 0)
    #expect(try await daemon.ctl("start", "--cct", "CAPS", "--yes").status == 0)
    #expect(try daemon.mails().first?.contains("12,50 x") == true)
  }

  @Test("a file is found in the Unicode form that the disk has, and sent")
  func unicodeForms() async throws {
    let daemon = try await RunningDaemon()
    try daemon.inbox.write("Facture Fe\u{301}vrier.pdf", SamplePDF.bytes("f"))
    let rows = "number;cct;period;file;to\r\nnfd-1;NFD;2026-10;Facture F\u{E9}vrier.pdf;a@x.example\r\n"
    let table = try daemon.inbox.write("nfd.csv", rows)
    #expect(try await daemon.ctl("import", table).status == 0)
    #expect(try await daemon.ctl("start", "--cct", "NFD", "--yes").status == 0)
    #expect(try daemon.mails().count == 1)
    // Also when the table comes with the other form: the same file, and nothing to change.
    let again = try daemon.inbox.write("nfd.csv", rows.replacing("\u{E9}", with: "e\u{301}"))
    #expect(try await daemon.ctl("import", again).output.contains("1 inchangée(s)"))
  }

  @Test("all bad lines are told with line and column, and nothing is changed unless --skip-bad")
  func badLines() async throws {
    let daemon = try await RunningDaemon()
    for name in ["a.pdf", "b.pdf"] { try daemon.inbox.write(name, SamplePDF.bytes(name)) }
    try daemon.inbox.write("text.pdf", "hello")
    let manifest = try daemon.inbox.write(
      "bad.csv",
      """
      number;cct;period;file;to
      F001;C;2026-10;a.pdf;a@customer.example
      F002;C;janv-25;a.pdf;a@customer.example
      ;C;2026-10;a.pdf;a@customer.example
      F004;C;2026-13;missing.pdf;nobody
      F005;C;2026-10;text.pdf;a@customer.example
      F001;C;2026-10;b.pdf;a@customer.example
      F007;C;2026-10;/etc/passwd;a@customer.example
      F008;C;2026-10;b.pdf;a@customer.example;too;many

      """)
    let refused = try await daemon.ctl("import", manifest)
    #expect(refused.status == 1)
    let expected = [
      "\(manifest):3: colonne « period » : période transformée par le tableur",
      "\(manifest):4: colonne « number » : numéro de facture absent",
      "\(manifest):5: colonne « file » : fichier introuvable",
      "\(manifest):5: colonne « period » : période invalide",
      "\(manifest):5: colonne « to » : adresse email invalide",
      "\(manifest):6: colonne « file » : le fichier n'est pas un PDF",
      "\(manifest):7: colonne « number » : numéro de facture déjà présent dans le fichier (à la ligne entre parenthèses) : F001 (2)",
      "\(manifest):8: colonne « file » : fichier hors des dossiers autorisés", "\(manifest):9: ",
    ]
    for line in expected { #expect(refused.output.contains(line), "\(line) is not in \(refused.output)") }
    #expect(refused.output.contains("Rien n'a été importé : 7 ligne(s) en erreur"))
    #expect(try await invoices(daemon).isEmpty)
    let skipped = try await daemon.ctl("import", manifest, "--skip-bad")
    #expect(skipped.status == 2 && skipped.output.contains("1 ajoutée(s)"), "\(skipped.output)")
    #expect(try await invoices(daemon).split(separator: "\n").count == 1)

    let headless = try await daemon.ctl(
      "import", try daemon.inbox.write("head.csv", "number;cct\nF1;C\n"), "--skip-bad")
    #expect(headless.status == 1 && headless.output.contains("colonne absente de l'en-tête"), "\(headless)")
    #expect(try await daemon.ctl("import", daemon.inbox("no-such.csv")).status == 1)
  }

  @Test("what a spreadsheet and a copy made of a number neither loses an invoice nor makes a second one")
  func numbers() async throws {
    let daemon = try await RunningDaemon()
    for name in ["a.pdf", "b.pdf"] { try daemon.inbox.write(name, SamplePDF.bytes(name)) }
    let head = "number;cct;period;file;to;attachments;montant;note\n"
    func imported(_ rows: String...) async throws -> Finished {
      try await daemon.ctl("import", try daemon.inbox.write("m.csv", head + rows.joined(separator: "\n") + "\n"))
    }
    for row in ["2,02513E+11;AA;2025-12;a.pdf;ann@a.example;;100;", "2,02513E+11;BB;2025-12;b.pdf;bob@b.example;;200;"]
    {
      let refused = try await imported(row)
      #expect(
        refused.status == 1
          && refused.output.contains(":2: colonne « number » : numéro transformé par le tableur"), "\(refused)")
    }
    #expect(try await imported("=\"00123\";EQ;2026-10;a.pdf;a@x.example;;1;").status == 0)
    #expect(try await daemon.ctl("invoice", "00123").status == 0)

    let row = ";INV;2026-10;b.pdf;inv@x.example;;1;"
    #expect(try await imported("INV-900" + row).status == 0)
    let ends = try await imported("\u{200E}INV-900\u{200B}" + row)
    #expect(ends.status == 0 && ends.output.contains("0 ajoutée(s), 0 modifiée(s), 1 inchangée(s)"), "\(ends)")
    let inside = try await imported("INV\u{AD}-900" + row)
    #expect(inside.status == 1 && inside.output.contains("caractère invisible"), "\(inside)")
    #expect(inside.output.contains(": INV<U+00AD>-900\n"), "\(inside)")
    let twins = try await imported("INV\u{2011}900" + row)
    #expect(
      twins.status == 0
        && twins.output.contains(
          "attention : colonne « number » : numéro presque identique à celui d'une autre facture"),
      "\(twins)")
    #expect(twins.output.contains("(INV-900)\n") && twins.output.contains(", 1 avertissement(s)"), "\(twins)")
  }

  @Test("warnings keep nothing from being imported: error values that a mail would show, one PDF for two customers")
  func warnings() async throws {
    var setting = DaemonSetting.maildir
    setting.subject = "Facture {{number}} : {{montant}}"
    let daemon = try await RunningDaemon(setting)
    for name in ["a.pdf", "b.pdf"] { try daemon.inbox.write(name, SamplePDF.bytes("the same")) }
    let manifest = try daemon.inbox.write(
      "m.csv",
      """
      number;cct;period;file;to;montant;note
      EC-1;EC;2026-10;a.pdf;a@x.example;#N/A;#REF!
      EC-2;ED;2026-10;b.pdf;b@x.example;12;nan

      """)
    let result = try await daemon.ctl("import", manifest, "--json")
    #expect(result.status == 0)
    #expect(
      result.output.split(separator: "\n") == [
        ##"{"warning":{"code":"value_spreadsheet","column":"montant","line":2,"value":"#N/A"}}"##,
        #"{"warning":{"code":"file_shared","column":"file","line":3,"value":"b.pdf (EC-1, EC)"}}"#,
        #"{"report":{"added":2,"applied":true,"bad":0,"unchanged":0,"updated":0,"warnings":2}}"#,
      ])
    let rehearsal = try await daemon.ctl("start", "--all", "--dry-run")
    #expect(
      rehearsal.status == 0
        && rehearsal.output.contains(
          "Attention : facture EC-1 : même PDF que la facture d'un autre client : a.pdf (EC-2, ED)"),
      "\(rehearsal)")
    let answer = try await RunningAdapter(daemon).post("/dry-run", "{}")
    #expect(
      answer.status == 200
        && answer.body.contains(#"{"code":"file_shared","number":"EC-1","value":"a.pdf (EC-2, ED)"}"#), "\(answer)")
  }

  @Test("other content updates what is not sent, names what changed, and is refused for what was sent")
  func updates() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(2))
    #expect(try await daemon.ctl("start", "--number", "F001").status == 0)
    var changed = SampleInvoice.series(2)
    changed[1].to = "other@customer.example"
    changed[1].text = "other"
    let update = try await daemon.ctl("import", try daemon.inbox.write(changed))
    #expect(update.status == 0 && update.output.contains("Facture F002 modifiée : file, to"), "\(update.output)")
    #expect(update.output.contains("0 ajoutée(s), 1 modifiée(s), 1 inchangée(s)"))
    changed[0].to = "other@customer.example"
    let refused = try await daemon.ctl("import", try daemon.inbox.write(changed))
    #expect(
      refused.status == 1 && refused.output.contains(":2: colonne « number » : facture déjà envoyée"), "\(refused)")
    #expect(try await daemon.ctl("start", "--all").status == 0)
    #expect(
      RunningDaemon.values(of: "To", in: try daemon.mails()).sorted() == [
        "cf001@customer.example", "other@customer.example",
      ])
  }

  @Test("an invoice with an open delivery keeps its content")
  func openDelivery() async throws {
    let sandbox = try RunningSandbox(["--ratelimit-seconds", "8"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try await daemon.imports([SampleInvoice("F001", to: "ratelimit@customer.example")])
    try await daemon.startAll()
    try await daemon.delivery(1, is: .prepared)
    let refused = try await daemon.ctl(
      "import", try daemon.inbox.write([SampleInvoice("F001", to: "new@customer.example")]))
    #expect(refused.status == 1 && refused.output.contains("facture en cours d'envoi"), "\(refused)")
    try await daemon.job(is: .completed)
    #expect(try sandbox.log("delivered").map { $0.recipients ?? [] } == [["ratelimit@customer.example"]])
  }

  @Test("what another system has sent is never sent by this one, whatever a later manifest leaves out")
  func sentElsewhere() async throws {
    let daemon = try await RunningDaemon()
    try daemon.inbox.write(SampleInvoice.series(2), as: "unused.csv")
    let head = "number;cct;period;file;to;sent_at\n"
    let rows = ["F001;C;2026-10;F001.pdf;a@customer.example;", "F002;C;2026-10;F002.pdf;b@customer.example;"]
    let marked = try daemon.inbox.write("m.csv", head + rows[0] + "\n" + rows[1] + "2026-10-05\n")
    #expect(try await daemon.ctl("import", marked).status == 0)
    let without = try daemon.inbox.write("n.csv", head + rows.joined(separator: "\n") + "\n")
    #expect(try await daemon.ctl("import", without).output.contains("2 inchangée(s)"))
    #expect(try await daemon.ctl("start", "--all").status == 0)
    #expect(try daemon.delivered() == ["F001"])
    #expect(try await daemon.ctl("start", "--number", "F002").status == 3)
    #expect(try await daemon.ctl("invoice", "F002").output.contains("2026-10-05"))
  }

  @Test("a file outside the permitted folders is not mailed, by name or by link, before the import or after it")
  func roots() async throws {
    let daemon = try await RunningDaemon()
    let secret = daemon.folder + "/secret.pdf"
    try SamplePDF.bytes("secret").write(to: URL(filePath: secret))
    try daemon.inbox.write("good.pdf", SamplePDF.bytes("good"))
    let files = FileManager.default
    try files.createSymbolicLink(atPath: daemon.inbox("link.pdf"), withDestinationPath: secret)
    try files.createSymbolicLink(atPath: daemon.inbox("folder"), withDestinationPath: daemon.folder)
    try files.createSymbolicLink(atPath: daemon.inbox("inside.pdf"), withDestinationPath: daemon.inbox("good.pdf"))
    for path in [secret, "../secret.pdf", "link.pdf", "folder/secret.pdf", "folder/state/store.db"] {
      let row = "number,cct,period,file,to\nF001,C,2026-10,\(path),a@customer.example\n"
      let refused = try await daemon.ctl("import", try daemon.inbox.write("m.csv", row))
      #expect(
        refused.status == 1 && refused.output.contains("fichier hors des dossiers autorisés"), "\(path): \(refused)")
      let attached = "number,cct,period,file,to,attachments\nF001,C,2026-10,good.pdf,a@customer.example,\(path)\n"
      let refusedToo = try await daemon.ctl("import", try daemon.inbox.write("m.csv", attached))
      #expect(
        refusedToo.status == 1 && refusedToo.output.contains("hors des dossiers autorisés"), "\(path): \(refusedToo)")
    }
    let row = "number,cct,period,file,to\nF001,C,2026-10,inside.pdf,a@customer.example\n"
    #expect(try await daemon.ctl("import", try daemon.inbox.write("m.csv", row)).status == 0, "a link within is fine")
    // The link is turned after the import, and so is the file itself.
    for (name, target) in [("inside.pdf", secret), ("good.pdf", secret)] {
      try files.removeItem(atPath: daemon.inbox(name))
      try files.createSymbolicLink(atPath: daemon.inbox(name), withDestinationPath: target)
      #expect(try await daemon.ctl("start", "--all").status == 2)
      #expect(try daemon.mails().isEmpty)
    }
    let failed = try await daemon.deliveries()[0]
    #expect(failed.state == .failed && failed.code == .fileForbidden)
  }

  @Test("a file that changed after the import fails its delivery; imported again, retry sends it")
  func changedFile() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try await daemon.imports(SampleInvoice.series(2))
    try daemon.inbox.write("F002.pdf", SamplePDF.bytes("another content"))
    let first = try await daemon.ctl("start", "--all")
    #expect(first.status == 2 && first.output.contains("le fichier a changé depuis la sélection"), "\(first.output)")
    #expect(try sandbox.delivered() == ["F001"])
    #expect(try await daemon.ctl("import", daemon.inbox("month.csv")).output.contains("Facture F002 modifiée : file"))
    #expect(try await daemon.ctl("retry", "1").output.contains("1 livraison(s)"))
    #expect(try await daemon.ctl("watch", "1").status == 0)
    #expect(try sandbox.delivered() == ["F001", "F002"])
  }
}
