import Files
import Foundation
import Model
import Testing

@testable import Import

@Suite("Files of a manifest")
struct FileCheckTests {
  /// A folder under /tmp, removed with the last reference.
  private final class TemporaryFolder {
    let path = "/tmp/file-check-\(UUID().uuidString)"

    init() throws {
      try FileManager.default.createDirectory(atPath: path + "/inbox", withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("inbox/a.pdf", "%PDF-1.7\n")
    try folder.write("inbox/b.txt", "terms")
    try folder.write("inbox/empty", "")
    try folder.write("inbox/text.pdf", "PDF")
    try folder.write("inbox/large.pdf", "%PDF-" + String(repeating: "x", count: 100))
    try folder.write("secret.pdf", "%PDF-secret")
    symlink("\(folder.path)/secret.pdf", "\(folder.path)/inbox/link.pdf")
  }

  private func check(_ rows: [String], maximum: Int = 50) -> [CheckedLine] {
    let inbox = "\(folder.path)/inbox"
    var parser = ManifestParser(format: .csv, folder: inbox, mapping: HeaderMapping())
    let text = (["number;cct;period;file;attachments;to"] + rows).joined(separator: "\n")
    let lines = parser.feed(text) + parser.finish()
    return FileCheck(roots: FileRoots(roots: [inbox], forbidden: []), maximumSizeInBytes: maximum).check(lines)
  }

  private func codes(_ line: CheckedLine?) -> [String] {
    guard case .problems(let problems) = line else { return [] }
    return problems.map { "\($0.line) \($0.column ?? "-") \($0.code.rawValue)" }
  }

  @Test("a good line becomes an invoice with the size and digest of each file")
  func good() throws {
    let checked = check(["1;C;2025-01;a.pdf;b.txt;a@x.be", "2;C;2025-01;a.pdf;b.txt;a@x.be"])
    guard checked.count == 2, case .invoice(2, let invoice, nil) = checked[0], case .invoice(3, _, nil) = checked[1]
    else {
      Issue.record("\(checked)")
      return
    }
    #expect(
      invoice.file
        == FileReference(
          path: "\(folder.path)/inbox/a.pdf",
          sha256: "0716f9264c9fe19f5d7455276107f3ddcc1d3497f63d60689a73558ae8a1bf5e", sizeInBytes: 9))
    #expect(invoice.attachments.map(\.sizeInBytes) == [5])
  }

  @Test(
    "a file that cannot be sent is told by what is wrong with it",
    arguments: [
      ("none.pdf", "missing"), ("../secret.pdf", "forbidden"), ("link.pdf", "forbidden"), ("/etc/passwd", "forbidden"),
      ("empty", "empty"), ("large.pdf", "too_large"), (".", "forbidden"), ("a.pdf/x", "missing"),
    ])
  func refused(_ path: String, _ reason: String) {
    #expect(codes(check(["1;C;2025-01;\(path);b.txt;a@x.be"]).first) == ["2 file file_\(reason)"])
    #expect(codes(check(["1;C;2025-01;a.pdf;\(path);a@x.be"]).first) == ["2 attachments attachment_\(reason)"])
  }

  @Test("an invoice has at most 100 attachments")
  func attachmentCount() throws {
    for (count, expected) in [(100, []), (101, ["2 attachments attachments_too_many"])] {
      let names = Array(repeating: "b.txt", count: count).joined(separator: ";")
      #expect(codes(check(["1;C;2025-01;a.pdf;\"\(names)\";a@x.be"], maximum: 1000).first) == expected)
    }
  }

  @Test("a file, an attachment and their folders are found in another Unicode form, and kept as the disk has them")
  func unicodeForms() throws {
    let (composed, decomposed) = ("F\u{E9}vrier", "Fe\u{301}vrier")
    for (disk, table) in [(composed, decomposed), (decomposed, composed)] {
      let folder = try TemporaryFolder()
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/inbox/\(disk)", withIntermediateDirectories: true)
      try folder.write("inbox/\(disk)/\(disk).pdf", "%PDF-1.7\n")
      try folder.write("inbox/\(disk).txt", "terms")
      let inbox = "\(folder.path)/inbox"
      var parser = ManifestParser(format: .csv, folder: inbox, mapping: HeaderMapping())
      let rows = "1;C;2025-01;\(table)/\(table).pdf;\(table).txt;a@x.be"
      let lines = parser.feed("number;cct;period;file;attachments;to\n\(rows)\n") + parser.finish()
      let check = FileCheck(roots: FileRoots(roots: [inbox], forbidden: []))
      guard case .invoice(_, let invoice, _) = try #require(check.check(lines).first) else {
        Issue.record("\(check.check(lines))")
        return
      }
      #expect(Array(invoice.file.path.utf8) == Array("\(inbox)/\(disk)/\(disk).pdf".utf8))
      #expect(Array(invoice.attachments[0].path.utf8) == Array("\(inbox)/\(disk).txt".utf8))
      #expect(Array(invoice.file.name.utf8) == Array("\(composed).pdf".utf8), "what the customer sees")
      // A second one with the name: nobody can tell which is meant.
      try folder.write("inbox/\(table).txt", "other terms")
      #expect(codes(check.check(lines).first) == ["2 attachments attachment_ambiguous"])
      try folder.write("inbox/\(disk)/\(table).pdf", "%PDF-1.7\n")
      #expect(codes(check.check(lines).first) == ["2 file file_ambiguous", "2 attachments attachment_ambiguous"])
      // What is shown is what stands there twice.
      try FileManager.default.createDirectory(atPath: "\(inbox)/\(table)", withIntermediateDirectories: false)
      guard case .problems(let problems)? = check.check(lines).first else {
        Issue.record("\(check.check(lines))")
        return
      }
      #expect(problems.map(\.value) == ["\(inbox)/\(table)", "\(inbox)/\(table).txt"])
    }
  }

  @Test("only the invoice itself has to be a PDF")
  func notPDF() {
    #expect(codes(check(["1;C;2025-01;text.pdf;text.pdf;a@x.be"]).first) == ["2 file file_not_pdf"])
  }

  @Test("a file that cannot be opened is told with errno's words")
  func unreadable() {
    let name = String(repeating: "x", count: 300)
    let checked = check(["1;C;2025-01;\(name);;a@x.be", "2;C;2025-01;a.pdf;\(name);a@x.be"])
    #expect(checked.map(codes) == [["2 file file_unreadable"], ["3 attachments attachment_unreadable"]])
  }

  @Test("the files of an invoice are bounded together")
  func together() {
    #expect(
      codes(check(["1;C;2025-01;a.pdf;b.txt;a@x.be"], maximum: 13).first) == ["2 attachments attachment_too_large"])
    #expect(codes(check(["1;C;2025-01;a.pdf;b.txt;a@x.be"], maximum: 14).first) == [])
  }

  @Test("files of bad lines are looked at too: all is told in one go")
  func allAtOnce() {
    #expect(
      codes(check(["1;C;2025-13;none.pdf;none.txt;a@x.be"]).first) == [
        "2 period period_invalid", "2 file file_missing", "2 attachments attachment_missing",
      ])
  }
}
