import Model
import Testing

@testable import Import

@Suite("What a spreadsheet, or a copy from somewhere, does to a manifest")
struct SpreadsheetTests {
  private func lines(_ text: String, _ format: ManifestFormat = .csv, used: Set<String> = []) -> [ManifestLine] {
    var parser = ManifestParser(format: format, folder: "/inbox", mapping: HeaderMapping(), usedFields: used)
    return parser.feed(text) + parser.finish()
  }

  private func problems(_ text: String) -> [String] {
    lines(text).flatMap(\.problems).map { "\($0.column ?? "-") \($0.code.rawValue) \($0.value)" }
  }

  /// One row of a table, with this number and this customer code.
  private func row(_ number: String, _ cct: String = "C") -> String {
    "number;cct;period;file;to\n\(number);\(cct);2025-01;a.pdf;a@x.be"
  }

  @Test(
    "a number or a code that was rewritten is refused as such",
    arguments: [
      "2,02513E+11", "2.02513E+11", "2.02513e+11", "2E+11", "12,5E+03", "-1,5E10", "2026001.0", "2026001,00",
      "2,026,001",
      "2\u{A0}026\u{202F}001".replacing("\u{202F}", with: "\u{A0}"), "#REF!", "#N/A", "#VALEUR!", "#NOM?", "#DIV/0!",
      "#NUL!", "#WERT!", "#NV", "#¡REF!", "#¿NOMBRE?", "N/A", "n/a", "########", "Err:502", "nan", "NaN", "NULL",
      "<NA>", "=A2&B2", "2026-01-05 00:00:00",
    ])
  func rewritten(_ text: String) {
    #expect(problems(row(text)) == ["number number_spreadsheet \(text)"])
    #expect(problems(row("1", text)) == ["cct cct_spreadsheet \(text)"])
  }

  @Test(
    "what may be a number stays one",
    arguments: [
      "2025-0001", "F001", "00123", "12E34", "2025E01", "2025E-01", "2025.001", "123.456", "2025/01", "45658", "1-25",
      "NAN",
      "#12", "#F001", "1 234", "INF", "é1", "Err:x", "2025,1",
    ])
  func numbers(_ text: String) {
    #expect(lines(row(text)).map { $0.invoice?.number } == [text])
    #expect(lines(row("1", text)).map { $0.invoice?.cct } == [text])
  }

  @Test("a number of JSON in scientific notation is refused, too")
  func json() {
    let base = "\"cct\":\"C\",\"period\":\"2025-01\",\"file\":\"a.pdf\",\"to\":\"a@x.be\""
    #expect(lines("{\"number\":2.02513e+11,\(base)}", .jsonl).flatMap(\.problems).map(\.code) == [.numberSpreadsheet])
    #expect(lines("{\"number\":202513000001,\(base)}", .jsonl).first?.invoice?.number == "202513000001")
  }

  @Test(
    "a text that was written as a formula, or behind an apostrophe, is what it holds",
    arguments: [
      ("=\"00123\"", "00123"), ("\"=\"\"00123\"\"\"", "00123"), (" =\"00123\" ", "00123"), ("'00124", "00124"),
      ("'F001'", "F001"), ("'-12", "-12"),
    ])
  func unwrapped(_ cell: String, _ value: String) {
    #expect(lines(row(cell)).map { $0.invoice?.number } == [value])
    #expect(lines(row("1", cell)).map { $0.invoice?.cct } == [value])
  }

  @Test("so are the other cells; the apostrophe of a template field belongs to it")
  func otherCells() {
    let text = #"""
      number;cct;period;file;to;ref;town
      1;C;="2025-01";="a.pdf";="a@x.be";="00123";'s-Hertogenbosch
      2;C;'2025-01;'a.pdf;a@x.be;="a ""b""";="a"&"b"
      """#
    let invoices = lines(text).compactMap(\.invoice)
    #expect(invoices.map(\.period.description) == ["2025-01", "2025-01"])
    #expect(invoices.map(\.file.path) == ["/inbox/a.pdf", "/inbox/'a.pdf"])
    #expect(
      invoices.map(\.fields) == [
        ["ref": "00123", "town": "'s-Hertogenbosch"], ["ref": "a \"b\"", "town": "=\"a\"&\"b\""],
      ])
  }

  @Test("an error value in a field that mails show is a warning, and the invoice is there")
  func warnings() {
    let text = """
      number;cct;period;file;to;Montant;note;language
      1;C;2025-01;a.pdf;a@x.be;#N/A;#REF!;fr
      2;C;2025-01;a.pdf;a@x.be;########;;nan
      3;C;2025-01;a.pdf;a@x.be;#NOM?;nan;
      4;C;2025-01;a.pdf;a@x.be;5,39E+13;;
      5;C;2025-01;a.pdf;a@x.be;1.234,50 €;;
      """
    let found = lines(text, used: ["montant", "number"])
    #expect(found.compactMap(\.invoice).count == 5)
    #expect(
      found.flatMap(\.warnings).map { "\($0.line) \($0.column ?? "-") \($0.code.rawValue) \($0.value)" } == [
        "2 Montant value_spreadsheet #N/A", "3 Montant value_spreadsheet ########", "3 language value_spreadsheet nan",
        "4 Montant value_spreadsheet #NOM?", "5 Montant value_spreadsheet 5,39E+13",
      ])
  }

  @Test(
    "an invisible character at an end of a header, a cell or an address is dropped",
    arguments: ["\u{200B}", "\u{AD}", "\u{200E}", "\u{FE0F}", "\u{2060}", "\u{FEFF}", "\u{202A}"])
  func ends(_ mark: String) {
    let text = """
      \(mark)number\(mark);cct;period\(mark);file;to;attachments;\(mark)note;\(mark)
      \(mark)INV-900\(mark);C\(mark);\(mark)2025-01;a.pdf\(mark);a@x.be\(mark), Ann <\(mark)b@x.be>\(mark);b.pdf\(mark);x\(mark);
      """
    let invoice = lines(text).first?.invoice
    #expect(lines(text).flatMap(\.problems) == [])
    #expect(invoice?.number == "INV-900" && invoice?.cct == "C" && invoice?.fields == ["note": "x"])
    #expect(invoice?.file.path == "/inbox/a.pdf" && invoice?.attachments.map(\.path) == ["/inbox/b.pdf"])
    #expect(invoice?.to == [Mailbox(address: "a@x.be"), Mailbox(name: "Ann", address: "b@x.be")])
  }

  @Test("inside a number, a code or an address it is refused, and shown")
  func inside() {
    #expect(
      problems(row("INV\u{AD}-900", "C\u{200B}1")) == [
        "number invisible_character INV<U+00AD>-900", "cct invisible_character C<U+200B>1",
      ])
    #expect(
      problems("number;cct;period;file;to\n1;C;2025\u{200B}-01;a.pdf;a\u{200B}@x.be") == [
        "period period_invalid 2025<U+200B>-01", "to invisible_character a<U+200B>@x.be",
      ])
  }

  @Test("a display name that shows another address is refused")
  func displayName() {
    #expect(
      problems("number;cct;period;file;to\n1;C;2025-01;a.pdf;\"\"\"boss@bank.example\"\" <c@x.be>\"") == [
        "to address_name \"boss@bank.example\" <c@x.be>"
      ])
  }
}
