import TestSupport
import Testing

@testable import Model

@Suite("CSV reader")
struct CSVReaderTests {
  private func read(_ text: String) -> [Result<CSVRecord, CSVFault>] {
    var reader = CSVReader()
    return reader.feed(text) + reader.finish()
  }

  private func fields(_ text: String) throws -> [[String]] { try read(text).map { try $0.get().fields } }

  @Test("quotes enclose separators, line breaks and doubled quotes")
  func quotes() throws {
    #expect(try fields("a,b\n\"x,\"\"y\"\"\r\nz\",\"\"\n") == [["a", "b"], ["x,\"y\"\r\nz", ""]])
  }

  @Test("a quote inside a field that does not begin with one stands for itself")
  func quoteInside() throws {
    #expect(try fields("a;b\n5\" pipe;x\"y\"\n") == [["a", "b"], ["5\" pipe", "x\"y\""]])
  }

  @Test(
    "the first line tells the separator, quotes aside",
    arguments: [
      ("a;b\n1;2", [["a", "b"], ["1", "2"]]),
      ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
      ("a\tb\n1\t2", [["a", "b"], ["1", "2"]]),
      ("\"a,,,\";b\n1;2", [["a,,,", "b"], ["1", "2"]]),
      ("\"a\"\",,,\";b\n1;2", [["a\",,,", "b"], ["1", "2"]]),
      ("\n\r\n\"x,\ny,\";b\n1;2", [["x,\ny,", "b"], ["1", "2"]]),
      ("a;b\n1,2;3,4", [["a", "b"], ["1,2", "3,4"]]),
      ("alone\n1;2", [["alone"], ["1", "2"]]),
    ] as [(String, [[String]])])
  func separator(_ text: String, _ expected: [[String]]) throws {
    #expect(try fields(text) == expected)
  }

  @Test(
    "a first line sep=… names the separator and is no record",
    arguments: [
      ("sep=;", ";"), ("SEP=,", ","), ("sep=\t", "\t"), ("sep=|", "|"), ("\"sep=;\"", ";"), ("\u{FEFF}sep=;", ";"),
      ("\nsep=;", ";"), ("sep=;;;;", ";"),
    ], ["\n", "\r\n", "\r"])
  func namedSeparator(_ line: (text: String, separator: String), _ end: String) throws {
    let text = [line.text, ["a,b", "c"].joined(separator: line.separator), ""].joined(separator: end)
    let header = line.separator == "," ? ["a", "b", "c"] : ["a,b", "c"]
    #expect(try fields(text) == [header])
    var reader = CSVReader()
    var records: [CSVRecord] = []
    for byte in text.unicodeScalars { records += try reader.feed(String(byte)).map { try $0.get() } }
    records += try reader.finish().map { try $0.get() }
    let before = line.text.hasPrefix("\n") ? 2 : 1
    #expect(records == [CSVRecord(line: before + 1, fields: header)])
  }

  @Test(
    "another first line is a header, be it ever so like", arguments: ["sep;", "sep=ab;x", "sep=a", "sep=", "xsep=;"])
  func noSeparator(_ line: String) throws {
    #expect(try fields("\(line)\n1").count == 2)
  }

  @Test("a byte order mark is no part of the first header, quoted or not")
  func byteOrderMark() throws {
    #expect(try fields("\u{FEFF}\"a\",b\n") == [["a", "b"]])
    #expect(try fields("\u{FEFF}a,b\n") == [["a", "b"]])
  }

  @Test("lines end in CRLF, LF or CR, are counted so, and empty ones are skipped", arguments: ["\r\n", "\n", "\r"])
  func lineEnds(_ end: String) throws {
    let text = ["a,b", "\"1\(end)1\",2", "", "3,4", "5,6"].joined(separator: end)
    let records = try read(text).map { try $0.get() }
    #expect(records.map(\.line) == [1, 2, 5, 6])
    #expect(records.last?.fields == ["5", "6"])
  }

  @Test("an empty quoted field is a record, a line of separators too")
  func emptyFields() throws {
    #expect(try fields("a;b\n\"\"\n;\n") == [["a", "b"], [""], ["", ""]])
  }

  @Test("text behind a closing quote is a fault of that line alone")
  func textAfterQuote() {
    #expect(
      read("a,b\n1,\"x\"y,z\n3,4\n") == [
        .success(CSVRecord(line: 1, fields: ["a", "b"])),
        .failure(CSVFault(kind: .textAfterQuote, line: 2, field: 1, excerpt: "x")),
        .success(CSVRecord(line: 3, fields: ["3", "4"])),
      ])
  }

  @Test("a quote that is never closed is a fault where it was opened, however much follows")
  func quoteNotClosed() {
    let rest = String(repeating: "1,2\n", count: 50_000)
    #expect(
      read("a,b\n\n1,\"x\n" + rest).last
        == .failure(CSVFault(kind: .quoteNotClosed, line: 3, field: 1, excerpt: "x\n" + rest.prefix(78))))
  }

  @Test("a record of 64 KiB is read; a longer one is a fault, and the next one is read")
  func longRecord() {
    let longest = String(repeating: "x", count: CSVReader.maximumRecordSizeInBytes - 2)
    #expect(read("a,b\n1,\(longest)\n3,4").map { (try? $0.get())?.fields[0] } == ["a", "1", "3"])
    let results = read("a,b\n1,\(longest)x\n3,4")
    #expect(results.count == 3)
    guard case .failure(let fault) = results[1] else {
      Issue.record("no fault")
      return
    }
    #expect(fault.kind == .recordTooLong && fault.line == 2 && fault.field == 1)
    #expect(fault.excerpt == longest.prefix(80))
    #expect((try? results[2].get())?.fields == ["3", "4"])
  }

  @Test("a first line without an end takes no more than its bound")
  func longHeader() {
    let results = read(String(repeating: "x", count: 200_000) + "\n1,2\n")
    #expect(results.count == 2)
    guard case .failure(let fault) = results[0] else {
      Issue.record("no fault")
      return
    }
    #expect(fault.kind == .recordTooLong && fault.line == 1)
  }

  @Test("how a mutilated text is cut into pieces changes nothing")
  func randomPieces() {
    var random = SeededGenerator(seed: .random(in: .min ... .max))
    let seed = random.seed
    let valid = Array(
      "\u{FEFF}numéro;cct;\"to\"\r\nF1;C1;\"a@b.be;\r\nc@d.be\"\r\n\r\n\"F\"\"2\";;x\nF3;é€😀;\"\"\rF4;1;2".utf8)
    for round in 0..<3_000 {
      var bytes = valid
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        random.mutilate(&bytes, with: Array("\";,\t\r\n\u{FEFF}".utf8))
      }
      var whole = CSVReader()
      let expected = bytes.withUnsafeBufferPointer { whole.feed($0) } + whole.finish()
      var cut = CSVReader()
      var results: [Result<CSVRecord, CSVFault>] = []
      for piece in random.pieces(of: bytes) { results += piece.withUnsafeBufferPointer { cut.feed($0) } }
      results += cut.finish()
      #expect(results == expected, "seed \(seed), round \(round)")
    }
  }
}
