import Foundation
import Testing

@testable import Model

@Suite("Text of a manifest")
struct ManifestTextTests {
  private func read(
    _ bytes: [UInt8], _ encoding: ManifestEncoding? = nil
  ) throws -> (text: String, encoding: ManifestEncoding) {
    let path = "/tmp/manifest-text-\(UUID().uuidString)"
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { unlink(path) }
    var text = try ManifestText(path: path, encoding: encoding)
    var all = ""
    while let piece = try text.next() {
      #expect(!piece.isEmpty && piece.utf8.count <= ManifestText.maximumPieceSizeInBytes)
      all += piece
    }
    return (all, text.encoding)
  }

  private static let sample = "numéro;montant\r\nF1;12 €\r\nœuvre – “😀”\n"

  @Test("UTF-8 and UTF-16 are known by their marks, which are no part of the text")
  func marks() throws {
    let units = Array(Self.sample.utf16)
    let little = units.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    let big = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    #expect(try read([0xEF, 0xBB, 0xBF] + Self.sample.utf8) == (Self.sample, .utf8))
    #expect(try read([0xFF, 0xFE] + little) == (Self.sample, .utf16LittleEndian))
    #expect(try read([0xFE, 0xFF] + big) == (Self.sample, .utf16BigEndian))
    #expect(try read([0xFE, 0xFF] + big, .utf16LittleEndian) == (Self.sample, .utf16BigEndian))
    #expect(try read(little) == (Self.sample, .utf16LittleEndian))
  }

  @Test("a letter with more accents than the daemon takes is refused with its line", arguments: ["\n", "\r\n", "\r"])
  func manyMarks(_ end: String) throws {
    func table(_ count: Int) -> [UInt8] {
      Array("number\(end)1\(end)e\(String(repeating: "\u{301}", count: count))\(end)".utf8)
    }
    #expect(try read(table(128)).encoding == .utf8)
    #expect(throws: ManifestTextError.tooManyMarks(line: 3)) { try read(table(129)) }
  }

  @Test("valid UTF-8 without a mark is UTF-8")
  func utf8() throws {
    #expect(try read(Array(Self.sample.utf8)) == (Self.sample, .utf8))
  }

  @Test("what is no UTF-8 is Windows-1252, with Excel's euro sign and curly quotes")
  func windows1252() throws {
    #expect(try read([0x6E, 0xE9, 0x3B, 0x80, 0x93, 0x94, 0x9C, 0xFF]) == ("né;€“”œÿ", .windows1252))
    // A single stray byte far behind valid text.
    let long = Array(repeating: UInt8(ascii: "a"), count: 100_000) + [0xE9]
    #expect(try read(long) == (String(repeating: "a", count: 100_000) + "é", .windows1252))
  }

  @Test("the table of Windows-1252 is the one that iconv has")
  func table() throws {
    let bytes = (UInt8(1)...255).filter { ![0x81, 0x8D, 0x8F, 0x90, 0x9D].contains($0) }
    let expected = String(data: Data(bytes), encoding: .windowsCP1252)
    #expect(try read(bytes, .windows1252).text == expected)
    #expect(try read(Array(1...255), .iso88591).text == String(data: Data(1...255), encoding: .isoLatin1))
    #expect(try read(Array(0x80...0x9F), .macintosh).text == "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü")
    #expect(try read(Array(0xC8...0xDB), .macintosh).text == "»…\u{A0}ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€")
    #expect(try read([0x82, 0x8A, 0x85, 0x87, 0x81, 0xC4, 0xFF], .cp850).text == "éèàçü─\u{A0}")
  }

  @Test(
    "a guess that yields unlikely letters is not taken, and the likelier one is named with what it yields",
    arguments: [
      ("Zoé Müller;échéance à 30 jours;1 234 €", .macintosh, "\r", 1),
      ("Zoé Müller;échéance à 30 jours", .macintosh, "\n", 1),
      ("a\nZoé;hôtel;Noël;où ça", .cp850, "\r\n", 2), ("a\n\nHôtel", .macintosh, "\n", 3),
      ("Müller;Zürich;Äpfel;Großeltern", .cp850, "\n", 1), ("Crème brûlée", .cp850, "\r\n", 1),
    ] as [(String, ManifestEncoding, String, Int)])
  func unlikely(_ text: String, _ encoding: ManifestEncoding, _ end: String, _ line: Int) throws {
    let bytes = try encode(text.replacing("\n", with: end) + end, encoding)
    let error = try #require(#expect(throws: ManifestTextError.self) { try read(bytes) })
    guard case .unclear(line, let guess, let suggestion) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(guess.encoding == .windows1252 && suggestion.encoding == encoding)
    #expect(text.contains(suggestion.excerpt) && !text.contains(guess.excerpt), "\(guess) \(suggestion)")
    #expect(try read(bytes, encoding).text == text.replacing("\n", with: end) + end)
    #expect(try read(bytes, .iso88591).encoding == .iso88591, "what a person names is taken")
  }

  @Test(
    "what Excel writes in western Europe is taken as it is",
    arguments: [
      "Zoé Müller;l’été;À 30 jours;n° 12;1 234,50 €;“cité”;«\u{A0}où\u{A0}»;Œuvres;L’HAŸ;ÉTÉ;Élodie;D’Œlsberg",
      "Mons–Liège;Ångström;Žižka;Šárka;España;São Paulo;Größe;½ jour;50 % – 3 × 2;Société Générale…;É. Dupont;œuf",
    ])
  func likely(_ text: String) throws {
    let bytes = try #require((text + "\r\n").data(using: .windowsCP1252).map { Array($0) })
    #expect(try read(bytes) == (text + "\r\n", .windows1252))
  }

  @Test("lines that end in CR alone are a Mac's, even if the letters could be Windows'")
  func carriageReturns() throws {
    let bytes = try encode("Köln\rx", .macintosh)
    let reading = ManifestReading(encoding: .macintosh, excerpt: "Köln")
    let guess = ManifestReading(encoding: .windows1252, excerpt: "Kšln")
    #expect(throws: ManifestTextError.unclear(line: 1, guess: guess, suggestion: reading)) { try read(bytes) }
  }

  /// By our own table, which other tests check.
  private func encode(_ text: String, _ encoding: ManifestEncoding) throws -> [UInt8] {
    try text.unicodeScalars.map { scalar in
      if scalar.isASCII { return UInt8(ascii: scalar) }
      return try #require((0x80...UInt8.max).first { encoding.scalar(of: $0) == scalar })
    }
  }

  @Test(
    "a file that is no table is called what it is",
    arguments: [
      ("PK\u{3}\u{4}..........................[Content_Types].xml", .excelWorkbook),
      ("PK\u{3}\u{4}..........................mimetypeapplication/vnd.oasis.opendocument.spreadsheet", .openDocument),
      ("PK\u{3}\u{4}..........................a.csv", .archive), ("%PDF-1.7\n", .pdf), ("", .empty),
      ("\u{FEFF}\r\n \n", .empty), (" \n<!DOCTYPE html><table>", .html), ("<table><tr>", .html),
      ("<?xml version=\"1.0\"?><Workbook>", .xml),
    ] as [(String, ForeignFile)])
  func foreign(_ text: String, _ kind: ForeignFile) throws {
    let error = #expect(throws: ManifestTextError.self) { try read(Array(text.utf8)) }
    guard case .foreign(_, kind) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(throws: ManifestTextError.self) { try read(Array(text.utf8), .windows1252) }
  }

  @Test("a workbook of an old Excel, and one that is compressed, are known by their bytes")
  func foreignBytes() throws {
    #expect(ForeignFile(head: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1]) == .oldExcelWorkbook)
    #expect(ForeignFile(head: [0x1F, 0x8B, 8, 0]) == .archive)
    #expect(ForeignFile(head: [0xFF, 0xFE]) == .empty)
    #expect(ForeignFile(head: Array("number;cct\n".utf8)) == nil)
    #expect(ForeignFile(head: Array("<a@x.example>;b\n".utf8)) == nil)
  }

  @Test("a device is no manifest")
  func device() {
    #expect(throws: ManifestTextError.notAFile(path: "/dev/zero")) { try ManifestText(path: "/dev/zero") }
  }

  @Test("bytes that are no text in the named encoding are told by their place and line")
  func invalid() throws {
    #expect(throws: ManifestTextError.invalid(encoding: .utf8, offset: 6, line: 3, suggestion: .windows1252)) {
      try read(Array("a\r\n\nbc".utf8) + [0xE9, 0x41], .utf8)
    }
    #expect(throws: ManifestTextError.invalid(encoding: .utf8, offset: 20_000, line: 20_001, suggestion: .cp850)) {
      try read(Array(repeating: 0x0A, count: 20_000) + [0xE2, 0x82], .utf8)
    }
    #expect(throws: ManifestTextError.invalid(encoding: .windows1252, offset: 1, line: 1, suggestion: .macintosh)) {
      try read([0x41, 0x81], .windows1252)
    }
    #expect(throws: ManifestTextError.invalid(encoding: .utf16LittleEndian, offset: 4, line: 1)) {
      try read([0xFF, 0xFE, 0x41, 0, 0x00, 0xD8, 0x41, 0], nil)
    }
    #expect(throws: ManifestTextError.invalid(encoding: .utf16LittleEndian, offset: 2, line: 1)) {
      try read([0x41, 0, 0x42], .utf16LittleEndian)
    }
  }

  @Test("characters at the borders of pieces stay whole", arguments: 0..<4)
  func borders(_ shift: Int) throws {
    let text = String(repeating: "x", count: shift) + String(repeating: "😀", count: 30_000)
    #expect(try read(Array(text.utf8)) == (text, .utf8))
    let units = [UInt8](repeating: 0, count: 0) + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try read([0xFF, 0xFE] + units).text == text)
  }

  @Test("a pipe is read as a file is")
  func pipe() throws {
    let path = "/tmp/manifest-pipe-\(UUID().uuidString)"
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    let bytes = Array(String(repeating: "F1;é\n", count: 40_000).utf8)
    let writer = Thread {
      try? Data(bytes).write(to: URL(fileURLWithPath: path), options: [])
    }
    writer.start()
    var text = try ManifestText(path: path)
    #expect(text.encoding == .utf8)
    var count = 0
    while let piece = try text.next() { count += piece.utf8.count }
    #expect(count == bytes.count)
  }

  @Test("a file that is not there is told with errno's words")
  func missing() {
    #expect(throws: ManifestTextError.system(path: "/nonexistent/x", reason: "No such file or directory")) {
      try ManifestText(path: "/nonexistent/x")
    }
    #expect(throws: ManifestTextError.system(path: "/tmp", reason: "Is a directory")) {
      try ManifestText(path: "/tmp")
    }
  }

  @Test("encodings have their usual names", arguments: ["UTF-8", "utf8", "cp1252", "Windows-1252", "latin1", "utf-16"])
  func names(_ name: String) {
    #expect(ManifestEncoding(named: name) != nil)
    #expect(ManifestEncoding(named: name + "x") == nil)
  }
}

@Suite("Problems of an import")
struct ImportProblemTests {
  @Test("a value is shortened between characters, and its control characters can do nothing to a terminal")
  func value() {
    let long = ImportProblem(line: 1, column: nil, code: .csvQuote, value: String(repeating: "é", count: 300)).value
    #expect(long.utf8.count <= ImportProblem.maximumValueSizeInBytes)
    #expect(long.hasSuffix("é…"))
    // One byte each, and three as they are shown.
    let controls = ImportProblem(line: 1, column: nil, code: .csvQuote, value: String(repeating: "\u{0}", count: 300))
      .value
    #expect(controls.utf8.count <= ImportProblem.maximumValueSizeInBytes)
    #expect(ImportProblem(line: 1, column: "a\u{1B}", code: .csvQuote, value: "\u{1B}[2Jx\n").value == "�[2Jx�")
    #expect(ImportProblem(line: 1, column: "a\u{1B}", code: .csvQuote, value: "").column == "a�")
  }
}
