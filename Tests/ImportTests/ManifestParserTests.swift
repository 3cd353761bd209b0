import Foundation
import Model
import TestSupport
import Testing

@testable import Import

@Suite("Manifest parser")
struct ManifestParserTests {
  private static let header = "number;cct;period;file;to"

  private func parse(
    _ text: String, _ format: ManifestFormat = .csv, _ names: [String: String] = [:]
  ) -> (lines: [ManifestLine], isUnreadable: Bool) {
    var parser = ManifestParser(format: format, folder: "/inbox", mapping: HeaderMapping(names))
    let lines = parser.feed(text) + parser.finish()
    return (lines, parser.isUnreadable)
  }

  /// Problems as `line column code value`.
  private func problems(
    _ text: String, _ format: ManifestFormat = .csv, _ names: [String: String] = [:]
  ) -> [String] {
    parse(text, format, names).lines.flatMap(\.problems).map {
      "\($0.line) \($0.column ?? "-") \($0.code.rawValue) \($0.value)"
    }
  }

  @Test("a full line becomes an invoice with its headers mapped")
  func invoice() throws {
    let text = """
      Numéro ;cct;période;FILE;attachments;to;Cc;bcc;language;sent_at;Montant TTC;note
       F-1 ;C1;2025-01;a/é.pdf;"cgv, 2.pdf; /x/b.txt";"Ann <ann@x.be>; b@y.be
      c@z.be",d@x.be,,FR,2025-02-01;"1.234,50 €";

      """.replacingOccurrences(of: ",d@x.be,,FR,", with: ";d@x.be;;FR;")
    let lines = parse(text, .csv, ["NUMÉRO": "number", "Pe\u{301}riode": "period", "montant ttc": "amount"]).lines
    #expect(lines.flatMap(\.problems) == [])
    let line = try #require(lines.first)
    #expect(lines.count == 1 && line.line == 2)
    #expect(line.sentAt == Date(timeIntervalSince1970: 1_738_368_000))
    #expect(
      line.invoice
        == Invoice(
          number: "F-1", cct: "C1", period: try #require(Period("2025-01")),
          file: FileReference(path: "/inbox/a/é.pdf", sha256: "", sizeInBytes: 0),
          attachments: ["/inbox/cgv, 2.pdf", "/x/b.txt"].map { FileReference(path: $0, sha256: "", sizeInBytes: 0) },
          to: [Mailbox(name: "Ann", address: "ann@x.be"), Mailbox(address: "b@y.be"), Mailbox(address: "c@z.be")],
          cc: [Mailbox(address: "d@x.be")], bcc: [], language: "fr",
          fields: ["amount": "1.234,50 €", "note": ""]))
  }

  @Test("the same invoice from JSON lines, numbers as they are written")
  func jsonLines() throws {
    let text = """
      {"numéro":"F-1","cct":42,"period":"2025-01","file":"a.pdf","attachments":["x;1.txt"],"to":["Ann <ann@x.be>"],\
      "cc":null,"fields":{"amount":1234.50,"paid":false},"note":"d\\u00e9j\\u00e0 \\ud83d\\ude00","empty":""}

      \u{20}
      {"number":"F-2","cct":"C","period":"2025-02","file":"/b.pdf","to":"a@x.be;b@x.be"}
      """
    let lines = parse(text, .jsonl, ["numéro": "number"]).lines
    #expect(lines.flatMap(\.problems) == [])
    #expect(lines.map(\.line) == [1, 4])
    let first = try #require(lines.first?.invoice)
    #expect(first.cct == "42")
    #expect(first.attachments.map(\.path) == ["/inbox/x;1.txt"])
    #expect(first.fields == ["amount": "1234.50", "paid": "false", "note": "déjà 😀", "empty": ""])
    #expect(lines.last?.invoice?.to.map(\.address) == ["a@x.be", "b@x.be"])
    #expect(lines.last?.invoice?.file.path == "/b.pdf")
  }

  @Test("numbers are compared as people see them: trimmed and composed")
  func number() {
    let lines = parse("\(Self.header)\n\u{A0}Fe\u{301}1\t;C;2025-01;a.pdf;a@x.be").lines
    #expect(lines.first?.invoice.map { Array($0.number.utf8) } == Array("F\u{E9}1".utf8))
  }

  @Test("all problems of all lines are told at once, by the manifest's own names")
  func severalProblems() {
    let long = String(repeating: "9", count: 129)
    #expect(
      problems(
        """
        Nr;cct;period;file;to;language;sent_at
        ;;;;;;
        ;;;;;;x
        \(long);C;janv-25;a.pdf;nobody;f_r;1/2/2025
        1;C;2025-01;a.pdf;a@x.be
        """, .csv, ["nr": "number"]) == [
          "3 Nr number_missing ", "3 cct cct_missing ", "3 period period_missing ", "3 file file_not_named ",
          "3 to recipient_missing ", "3 sent_at sent_at_invalid x",
          "4 Nr number_too_long \(long)", "4 period period_spreadsheet janv-25", "4 to address_invalid nobody",
          "4 language language_invalid f_r", "4 sent_at sent_at_invalid 1/2/2025",
        ])
  }

  @Test("each bad address of a cell is told, and what is wrong with it")
  func addresses() {
    #expect(
      problems("\(Self.header);cc\n1;C;2025-01;a.pdf;\"a@x.be\nböb@x.be\nx y@z\";\"a\u{7}@x.be\"") == [
        "2 to address_not_ascii böb@x.be", "2 to address_invalid x y@z", "2 cc control_character a�@x.be",
      ])
    #expect(problems("\(Self.header)\n1;C;2025-01;a.pdf;\"\"\"Müller, Ann\"\" <a@müller.be>\"") == [])
  }

  @Test(
    "what a spreadsheet makes of a month is named as such",
    arguments: [
      "janv-25", "Jan-25", "janv.-25", "févr-25", "août-25", "mrt-25", "45658", "45658,0", "01/2025", "1/2025",
      "2025/01", "2025-1", "01/01/2025", "1/1/25", "2025-01-01", "2025-01-01 00:00:00", "janvier 2025", "01-2025",
      "déc. 2025", "25-Jan",
    ])
  func spreadsheets(_ period: String) {
    #expect(
      problems("\(Self.header)\n1;C;\(period);a.pdf;a@x.be") == ["2 period period_spreadsheet \(period)"])
  }

  @Test(
    "other texts are no period", arguments: ["2025-13", "2025-00", "x", "202501", "1", "2025", "abc-25", "-", "jan"])
  func periods(_ period: String) {
    #expect(problems("\(Self.header)\n1;C;\(period);a.pdf;a@x.be") == ["2 period period_invalid \(period)"])
  }

  @Test(
    "a time of sending is RFC 3339 or a day",
    arguments: [
      ("2024-02-29", 1_709_164_800), ("1999-12-31T23:59:59Z", 946_684_799),
      ("2025-01-01T00:30:00+01:00", 1_735_687_800),
      ("2025-01-01 00:00:00.250Z", 1_735_689_600.25), ("2000-02-29", 951_782_400), ("1969-12-31", -86_400),
      ("2025-02-29", nil), ("1900-02-29", nil), ("2025-1-01", nil), ("2025-01-01T00:00:00", nil),
      ("2025-01-01T24:00:00Z", nil), ("2025-01-01T00:00:00.Z", nil), ("2025-01-01Z", nil), ("yes", nil),
    ] as [(String, Double?)])
  func sentAt(_ text: String, _ seconds: Double?) {
    #expect(SentAtText.read(text)?.timeIntervalSince1970 == seconds)
  }

  @Test("a short row has empty cells, a long one is refused unless what is too much is empty")
  func columns() {
    #expect(problems("\(Self.header);note\n1;C;2025-01;a.pdf;a@x.be") == [])
    #expect(problems("\(Self.header)\n1;C;2025-01;a.pdf;a@x.be;;;") == [])
    #expect(problems("\(Self.header)\n1;C;2025-01;a.pdf;a@x.be;;extra") == ["2 - csv_columns extra"])
    #expect(problems("\(Self.header);;\n1;C;2025-01;a.pdf;a@x.be;;") == [])
    #expect(problems("\(Self.header);\n1;C;2025-01;a.pdf;a@x.be;x") == ["2 - csv_columns x"])
  }

  @Test("a line tells at most 50 problems, and a manifest has at most 256 columns")
  func bounds() {
    let addresses = String(repeating: "x\n", count: 1_000)
    #expect(problems("\(Self.header)\n1;C;2025-01;a.pdf;\"\(addresses)\"").count == 50)
    let objects = (0..<200).map { "\"k\($0)\":{}" }.joined(separator: ",")
    #expect(problems("{\(objects)}", .jsonl).count == 50)
    #expect(problems("\(Self.header)" + String(repeating: ";note", count: 100)).count == 50)
    let columns = (0..<252).map { ";c\($0)" }.joined()
    #expect(problems("\(Self.header)\(columns)") == ["1 - csv_columns 257 > 256"])
    #expect(problems("\(Self.header)\(columns.dropLast(5))") == [])
  }

  @Test("a missing column is told with every name that would do, and nothing behind it is read")
  func missingColumns() {
    let (lines, isUnreadable) = parse("number,cct,to\n,,\n1,2,3\n", .csv, ["fichier": "file"])
    #expect(isUnreadable)
    #expect(
      lines.flatMap(\.problems) == [
        ImportProblem(line: 1, column: nil, code: .headerFound, value: "number, cct, to"),
        ImportProblem(line: 1, column: "period", code: .columnMissing, value: "period"),
        ImportProblem(line: 1, column: "file", code: .columnMissing, value: "fichier, file"),
      ])
    #expect(parse("").isUnreadable)
    for empty in ["", "\u{FEFF}", "\r\n;;\r\n", "sep=;\n"] { #expect(problems(empty) == ["1 - manifest_empty "]) }
    #expect(parse("", .jsonl).lines.isEmpty)
    #expect(!parse("", .jsonl).isUnreadable)
  }

  @Test("two columns with one meaning are refused by name")
  func columnTwice() {
    #expect(problems("\(Self.header);Numéro\n", .csv, ["numéro": "number"]) == ["1 Numéro column_twice Numéro"])
    #expect(problems("\(Self.header);note;note \n") == ["1 note column_twice note"])
    #expect(parse("\(Self.header);note;note\n").isUnreadable)
  }

  @Test("capitals make no other column, of a template field either")
  func capitals() {
    let text = "Number;CCT;Period;File;To;Montant;Note\r\nCA-1;CAPS;2026-10;f.pdf;a@x.example;12,50;x\r\n"
    #expect(problems(text) == [])
    #expect(parse(text).lines.first?.invoice?.fields == ["Montant": "12,50", "Note": "x"])
    #expect(problems("\(Self.header);montant;Montant\n") == ["1 Montant column_twice Montant"])
    #expect(problems("\(Self.header);Échéance;ÉCHÉANCE\n") == ["1 ÉCHÉANCE column_twice ÉCHÉANCE"])
    let base = "\"number\":1,\"cct\":\"C\",\"period\":\"2025-01\",\"file\":\"a.pdf\",\"to\":\"a@x.be\""
    #expect(
      problems("{\(base),\"montant\":1,\"fields\":{\"Montant\":1}}", .jsonl) == ["1 fields.Montant column_twice "])
  }

  @Test("a first line sep=; is obeyed, and lines are counted with it")
  func separatorLine() {
    let text = "sep=;\r\nnumber;cct;period;file;to;montant\r\nsep-1;C1;2026-10;f.pdf;a@x.example;1,5,0\r\n"
    let lines = parse(text).lines
    #expect(lines.map(\.line) == [3] && lines.first?.invoice?.fields == ["montant": "1,5,0"], "\(lines)")
  }

  @Test("a header that is broken into lines is one name")
  func brokenHeader() {
    #expect(
      parse("\(Self.header);\"Date\r\nde facture\"\n1;C;2025-01;a;a@x.be;x").lines.first?.invoice?.fields
        == ["Date de facture": "x"])
  }

  @Test("control characters are refused, but for the lines of a template field")
  func controlCharacters() {
    #expect(
      problems("\(Self.header);note\nF\u{1}1;C\u{85}D;2025-01;\"a\nb.pdf\";a@x.be;\"Rue 1\r\n1000 X\"\n") == [
        "2 number control_character F�1", "2 cct control_character C�D", "2 file control_character a�b.pdf",
      ])
    #expect(problems("\(Self.header);note\n1;C;2025-01;a.pdf;a@x.be;\u{0}") == ["2 note control_character �"])
    // A line separator of Unicode's in the name of a file could not stand in the mail's header.
    #expect(
      problems("\(Self.header);note\n1;C;2025-01;a\u{2028}b.pdf;a@x.be;Rue 1\u{2029}X\n")
        == ["2 file control_character a�b.pdf"])
  }

  @Test("a quote without an end makes the whole manifest unreadable")
  func quotes() {
    let good = "1;C;2025-01;a.pdf;a@x.be\n"
    #expect(
      problems("\(Self.header)\n\(good)2;\"C;x;y;z\n\(good)") == ["3 cct csv_quote C;x;y;z�1;C;2025-01;a.pdf;a@x.be�"])
    #expect(parse("\(Self.header)\n2;\"C\n\(good)").isUnreadable)
    #expect(problems("\(Self.header)\n2;\"C\"x;2025-01;a.pdf;a@x.be\n\(good)") == ["2 cct csv_quote C"])
    #expect(!parse("\(Self.header)\n2;\"C\"x\n\(good)").isUnreadable)
  }

  @Test(
    "what is wrong with a line of JSON is told with its key",
    arguments: [
      ("x", "1 - json_invalid x"),
      ("[]", "1 - json_invalid []"),
      ("{\"number\":1,}", "1 number json_invalid }"),
      ("{\"number\":01}", "1 number json_invalid 01}"),
      ("{\"number\":1} x", "1 number json_invalid x"),
      ("{\"number\":\"a\tb\"}", "1 number json_invalid �b\"}"),
      ("{\"cct\":\"\\ud800x\"}", "1 cct json_invalid \\ud800x\"}"),
      ("{\"cct\":\"\\q\"}", "1 cct json_invalid \\q\"}"),
      ("{\"cct\":[[}]}", "1 cct json_invalid }]}"),
      ("{\"cct\":{\"a\":\"", "1 a json_invalid "),
      ("{\"cct\"", "1 cct json_invalid "),
      ("{\"cct", "1 - json_invalid "),
    ])
  func invalidJSON(_ line: String, _ problem: String) {
    #expect(problems(line, .jsonl) == [problem])
  }

  @Test("values of a kind that no field takes are refused by key, and the rest of the line is still checked")
  func jsonTypes() {
    let base = "\"number\":1,\"cct\":\"C\",\"period\":\"2025-01\",\"file\":\"a.pdf\",\"to\":\"a@x.be\""
    #expect(problems("{\(base),\"note\":[\"a\"]}", .jsonl) == ["1 note json_type "])
    #expect(problems("{\(base),\"note\":{\"a\":[{}]}}", .jsonl) == ["1 note json_type "])
    #expect(problems("{\(base),\"cc\":[1]}", .jsonl) == ["1 cc json_type "])
    #expect(
      problems("{\(base),\"fields\":{\"a\":{\"b\":\"]}\"},\"c\":[]}}", .jsonl)
        == ["1 fields.a json_type ", "1 fields.c json_type "])
    #expect(problems("{\(base),\"fields\":{\"a\":1},\"a\":2}", .jsonl) == ["1 a column_twice "])
    #expect(problems("{\(base),\"number\":2}", .jsonl) == ["1 number column_twice "])
    #expect(
      problems("{\"number\":null,\"period\":\"x\"}", .jsonl) == [
        "1 number number_missing ", "1 cct cct_missing ", "1 period period_invalid x", "1 file file_not_named ",
        "1 to recipient_missing ",
      ])
  }

  @Test("a line of more than 64 KiB is refused, and the next one is read", arguments: ManifestFormat.allCases)
  func longLine(_ format: ManifestFormat) {
    let long = String(repeating: "x", count: ManifestParser.maximumLineSizeInBytes + 1)
    let good = "{\"number\":1,\"cct\":\"C\",\"period\":\"2025-01\",\"file\":\"a.pdf\",\"to\":\"a@x.be\"}"
    let text = format == .csv ? "\(Self.header)\n\(long)\n1;C;2025-01;a.pdf;a@x.be" : "\n\(long)\n\(good)"
    let lines = parse(text, format).lines
    #expect(lines.map(\.line) == [2, 3])
    #expect(lines.first?.problems.map(\.code) == [.lineTooLong])
    #expect(lines.last?.problems == [])
  }

  @Test("nesting without end takes no stack")
  func deepNesting() {
    let deep = String(repeating: "[", count: 60_000)
    #expect(problems("{\"a\":\(deep)", .jsonl) == ["1 a json_invalid "])
    #expect(problems("{\"a\":" + String(repeating: "{\"a\":", count: 10_000), .jsonl).count == 1)
  }

  @Test("how a mutilated manifest is cut into pieces changes nothing", arguments: ManifestFormat.allCases)
  func randomPieces(_ format: ManifestFormat) {
    let csv = """
      \u{FEFF}numéro;cct;period;file;to;attachments;sent_at;note\r
      F1;C1;2025-01;é.pdf;"Ann <a@b.be>;\r\nc@d.be";a;2025-01-01;\r
      "F""2";;janv-25;x;nobody;;;😀\n
      """
    let json = """
      {"number":"F1","cct":1.5e3,"period":"2025-01","file":"é","to":["a@b.be"],"fields":{"a":true,"b":null}}
      {"number":"\\u00e9\\ud83d\\ude00","cct":[[1,{"x":"]"}]],"period":"x","to":[],"note":"\\n"}\n
      """
    var random = SeededGenerator(seed: .random(in: .min ... .max))
    let seed = random.seed
    let special = Array("\";,\t\r\n\\{}[]:\u{0}".utf8)
    let mapping = HeaderMapping(["numéro": "number"])
    for round in 0..<1_500 {
      var bytes = Array((format == .csv ? csv : json).utf8)
      for _ in 0..<Int.random(in: 0...6, using: &random) { random.mutilate(&bytes, with: special) }
      var whole = ManifestParser(format: format, folder: "/", mapping: mapping)
      let expected = bytes.withUnsafeBufferPointer { whole.feed($0) } + whole.finish()
      var cut = ManifestParser(format: format, folder: "/", mapping: mapping)
      var lines: [ManifestLine] = []
      for piece in random.pieces(of: bytes) { lines += piece.withUnsafeBufferPointer { cut.feed($0) } }
      lines += cut.finish()
      #expect(lines == expected && cut.isUnreadable == whole.isUnreadable, "seed \(seed), round \(round)")
      #expect(lines.allSatisfy { ($0.invoice == nil) != $0.problems.isEmpty }, "seed \(seed), round \(round)")
    }
  }

  @Test("100,000 lines take well under a minute of processor time")
  func manyLines() {
    var parser = ManifestParser(format: .csv, folder: "/inbox", mapping: HeaderMapping())
    var count = parser.feed("number;cct;period;file;to;language;montant;échéance\n").count
    let start = Self.processorTime()
    // A fifth of them, so that the test itself is short.
    for block in 0..<100 {
      let text = (0..<200).map { i in
        "F2025-\(block)-\(i);CCT\(i);2025-01;factures/FACTURE-\(block)-\(i).pdf;"
          + "\"Société Générale n° \(i) <compta@exemple-\(i).be>\";fr;1.234,50 €;31/01/2025\r\n"
      }
      count += parser.feed(text.joined()).count { $0.invoice != nil }
    }
    #expect(count == 20_000)
    #expect(Self.processorTime() - start < 8)
  }

  /// Of this thread, in seconds: whatever else runs on the machine.
  private static func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
