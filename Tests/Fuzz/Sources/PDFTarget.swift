import Files
import Foundation
import Model

@testable import Import

/// A file that a manifest names, by `FileCheck`: the head of a PDF, its size, its digest.
enum PDFTarget {
  private static let file = ScratchFile()
  /// Small, so that inputs come upon it.
  private static let maximumSizeInBytes = 2048
  private static let fileCheck = FileCheck(
    roots: FileRoots(roots: ["/dev/shm"], forbidden: []), maximumSizeInBytes: maximumSizeInBytes)

  @Sendable static func check(_ bytes: [UInt8]) {
    file.write(bytes)
    let isPDF = bytes.starts(with: "%PDF-".utf8)
    let code: ImportProblemCode? =
      bytes.isEmpty
      ? .fileEmpty : bytes.count > maximumSizeInBytes ? .fileTooLarge : isPDF ? nil : .fileNotPDF
    let digest = SHA256Hasher.digest(of: bytes)
    switch result(attachments: 0) {
    case .problems(let problems):
      property("a file is refused for its fault", problems.map(\.code) == [code], "\(problems)")
    case .invoice(_, let invoice, _):
      property("what is no PDF is refused", code == nil)
      property("the digest is that of the content", invoice.file.sha256 == digest)
      property("the size is that of the content", invoice.file.sizeInBytes == bytes.count)
    }
    guard code == nil else { return }
    // The file itself as its attachments: all together count.
    let fits = bytes.count * 3 <= maximumSizeInBytes
    switch result(attachments: 2) {
    case .problems(let problems):
      property(
        "attachments are refused for their size", !fits && problems.allSatisfy { $0.code == .attachmentTooLarge },
        "\(problems)")
    case .invoice(_, let invoice, _):
      property("all files together are within the bound", fits)
      property("an attachment has its digest", invoice.attachments.map(\.sha256) == [digest, digest])
    }
  }

  private static func result(attachments: Int) -> CheckedLine {
    let named = ManifestLine.NamedFile(column: "file", path: file.path)
    let reference = FileReference(path: file.path, sha256: "", sizeInBytes: 0)
    let invoice = Invoice(
      number: "1", cct: "C", period: Period(year: 2026, month: 11), file: reference, to: [Mailbox(address: "a@x.be")])
    let line = ManifestLine(
      line: 2, problems: [], warnings: [], invoice: invoice, sentAt: nil, file: named,
      attachments: Array(repeating: named, count: attachments))
    return property("a line stays a line", fileCheck.check([line]).first)
  }
}
