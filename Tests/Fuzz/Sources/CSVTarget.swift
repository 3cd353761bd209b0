import Foundation
import Import
import Model

/// A manifest as a table, by `CSVReader` and `ManifestParser`.
enum CSVTarget {
  private static let header = Array("number;cct;period;file;to;cc;attachments;language;sent_at;note\n".utf8)

  @Sendable static func check(_ bytes: [UInt8]) {
    checkReader(bytes)
    ManifestProperties.check(bytes, .csv)
    // Few inputs have a header row of their own.
    ManifestProperties.check(header + bytes, .csv)
  }

  private static func checkReader(_ bytes: [UInt8]) {
    var whole = CSVReader()
    let expected = bytes.withUnsafeBufferPointer { whole.feed($0) } + whole.finish()
    var cut = CSVReader()
    var elements: [Result<CSVRecord, CSVFault>] = []
    for piece in pieces(of: bytes) { elements += piece.withUnsafeBufferPointer { cut.feed($0) } }
    elements += cut.finish()
    property("how a table is cut changes nothing", elements == expected)
    let isText = String(validating: bytes, as: UTF8.self) != nil
    for element in elements {
      switch element {
      case .success(let record):
        property("a record has a field", !record.fields.isEmpty)
        // A byte that is no UTF-8 becomes three.
        let size = record.fields.reduce(record.fields.count - 1) { $0 + $1.utf8.count }
        property(
          "a record is within its bound", size <= CSVReader.maximumRecordSizeInBytes * (isText ? 1 : 3), "\(size)")
      case .failure(let fault):
        let bound = CSVReader.maximumExcerptSizeInBytes * (isText ? 1 : 3)
        property("an excerpt is within its bound", fault.excerpt.utf8.count <= bound, fault.excerpt)
      }
    }
    checkRoundTrip(elements)
  }

  /// Records written out with every field in quotes are the same records.
  private static func checkRoundTrip(_ elements: [Result<CSVRecord, CSVFault>]) {
    let records = elements.compactMap { try? $0.get().fields }
    let text = records.map { fields in
      fields.map(quoted).joined(separator: ";") + "\n"
    }.joined()
    var reader = CSVReader()
    let again = reader.feed("a;b;c\n" + text) + reader.finish()
    guard again.allSatisfy({ (try? $0.get()) != nil }) else {
      // The quotes take room too.
      property(
        "what was read can be read again", records.contains { $0.joined().utf8.count > 16 << 10 || $0.count > 4096 })
      return
    }
    property("what was read can be read again", again.dropFirst().compactMap { try? $0.get().fields } == records)
  }

  /// By scalars: a mark behind a quote makes no other character of it.
  private static func quoted(_ field: String) -> String {
    "\"" + field.unicodeScalars.map { $0 == "\"" ? "\"\"" : "\($0)" }.joined() + "\""
  }
}
