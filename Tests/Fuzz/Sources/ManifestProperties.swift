import Foundation
import Model

@testable import Import
@testable import Mail

/// What is true of a manifest in either format.
enum ManifestProperties {
  private static let mapping = HeaderMapping(["numéro": "number", "échéance": "due", "montant": "amount"])

  /// Reads the bytes whole and in pieces, compares, and checks every line. Returns what the whole gave.
  @discardableResult
  static func check(_ bytes: [UInt8], _ format: ManifestFormat) -> [ManifestLine] {
    var whole = ManifestParser(format: format, folder: "/inbox", mapping: mapping)
    let expected = bytes.withUnsafeBufferPointer { whole.feed($0) } + whole.finish()
    var cut = ManifestParser(format: format, folder: "/inbox", mapping: mapping)
    var lines: [ManifestLine] = []
    for piece in pieces(of: bytes) { lines += piece.withUnsafeBufferPointer { cut.feed($0) } }
    lines += cut.finish()
    property("how a manifest is cut changes nothing", lines == expected && cut.isUnreadable == whole.isUnreadable)
    // An unclosed quote is told where it was opened, not where its record begins.
    property(
      "lines come in their order, each once", zip(lines, lines.dropFirst()).allSatisfy { $0.line < $1.line })
    for line in lines { check(line) }
    return lines
  }

  private static func check(_ line: ManifestLine) {
    property("a line has an invoice or a problem", (line.invoice == nil) != line.problems.isEmpty)
    property("a line tells at most 50 problems", line.problems.count <= 50, "\(line.problems.count)")
    for problem in line.problems {
      property("a problem is one of its line's", problem.line >= line.line)
      for text in [problem.value, problem.column ?? ""] {
        property(
          "what a problem shows is short and harmless",
          text.utf8.count <= ImportProblem.maximumValueSizeInBytes && !text.hasControl, text)
      }
    }
    for file in [line.file].compactMap({ $0 }) + line.attachments {
      property("the path of a file is absolute", file.path.hasPrefix("/"), file.path)
      property("the path of a file has no control character", !file.path.hasControl, file.path)
    }
    if let invoice = line.invoice { check(invoice) }
  }

  private static func check(_ invoice: Invoice) {
    for key in [invoice.number, invoice.cct] {
      property("a key is 1 to 128 bytes", (1...128).contains(key.utf8.count), key)
      property("a key has no control character", !key.hasControl, key)
      property("a key has no invisible character", !key.hasInvisibleCharacter, key)
      property("a key is trimmed", key.trimmed.utf8.elementsEqual(key.utf8), key)
      property("a key is in normal form C", key.precomposedStringWithCanonicalMapping.utf8.elementsEqual(key.utf8), key)
    }
    property("a period is a month", Period(invoice.period.description) == invoice.period)
    if let language = invoice.language {
      property(
        "a language can be part of a file's name",
        language.utf8.count <= 35 && language.utf8.allSatisfy { $0 < 128 && $0 > 32 && $0 != UInt8(ascii: "/") },
        language)
    }
    property("somebody receives an invoice", !invoice.to.isEmpty)
    for (name, mailboxes) in [("To", invoice.to), ("Cc", invoice.cc), ("Bcc", invoice.bcc)] {
      HeaderProperties.checkAccepted(name, mailboxes)
    }
  }
}
