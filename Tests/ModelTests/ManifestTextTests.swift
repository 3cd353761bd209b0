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

  @Test("valid UTF-8 without a mark is UTF-8, an empty file too")
  func utf8() throws {
    #expect(try read(Array(Self.sample.utf8)) == (Self.sample, .utf8))
    #expect(try read([]) == ("", .utf8))
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
  }

  @Test("bytes that are no text in the named encoding are told by their place and line")
  func invalid() throws {
    #expect(throws: ManifestTextError.invalid(encoding: .utf8, offset: 6, line: 3)) {
      try read(Array("a\r\n\nbc".utf8) + [0xE9, 0x41], .utf8)
    }
    #expect(throws: ManifestTextError.invalid(encoding: .utf8, offset: 20_000, line: 20_001)) {
      try read(Array(repeating: 0x0A, count: 20_000) + [0xE2, 0x82], .utf8)
    }
    #expect(throws: ManifestTextError.invalid(encoding: .windows1252, offset: 1, line: 1)) {
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
