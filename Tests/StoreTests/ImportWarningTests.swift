import Foundation
import Model
import TestSupport
import Testing

@testable import Store

@Suite("Warnings of an import")
struct ImportWarningTests {
  private func invoice(_ number: String, cct: String = "CCT1", file: String? = nil) -> Invoice {
    var invoice = Invoice.sample(number, cct: cct)
    invoice.file.sha256 = file ?? "of \(number)"
    return invoice
  }

  /// Stages these, and returns the warnings as `line code value`.
  private func warnings(_ invoices: [Invoice], _ bench: StoreBench) async throws -> [String] {
    let rows = invoices.enumerated().map { StagedInvoice(line: $0 + 2, invoice: $1, sentAt: nil) }
    try await bench.store.stage("w", invoices: rows, problems: [])
    let found = try await bench.store.problems(of: "w", limit: 100).map(\.problem)
    try await bench.store.dropImport("w")
    return found.map { "\($0.line) \($0.code.rawValue) \($0.value)" }
  }

  @Test(
    "numbers that look the same have one likeness",
    arguments: [
      ["125", "00125", "１２５"], ["INV-900", "inv-0900", "INV\u{2011}900", "INV\u{2212}900", "INV–900"],
      ["F 1", "F\u{A0}1"], ["0", "000"], ["2026-10", "2026-010"], ["a0", "A00"],
    ])
  func likeness(_ numbers: [String]) {
    #expect(Set(numbers.map(NumberLikeness.key)).count == 1, "\(numbers.map(NumberLikeness.key))")
  }

  @Test("others have not", arguments: [["125", "1250", "1025", "12-5"], ["F1", "F10", "F01-1"], ["100", "1", "10"]])
  func unlike(_ numbers: [String]) {
    #expect(Set(numbers.map(NumberLikeness.key)).count == numbers.count)
  }

  @Test("a number that looks like another one, of the catalogue or of the manifest, is warned of, and imported")
  func twins() async throws {
    let bench = try StoreBench()
    try await bench.add([invoice("125"), invoice("INV-900")])
    let more = [invoice("00125"), invoice("inv-900"), invoice("F1"), invoice("F01"), invoice("G1")]
    #expect(
      try await warnings(more, bench) == [
        "2 number_twin 00125 (125)", "3 number_twin inv-900 (INV-900)", "5 number_twin F01 (F1)",
      ])
    let result = try await bench.add(more)
    #expect(result.applied && result.added == 5 && result.bad == 0 && result.warnings == 3)
    #expect(try await warnings([invoice("INV-900"), invoice("G1")], bench) == ["2 number_twin INV-900 (inv-900)"])
  }

  @Test("one PDF in invoices of two customers is warned of, in the manifest and before a start")
  func sharedFile() async throws {
    let bench = try StoreBench()
    try await bench.add([invoice("1", cct: "A", file: "x"), invoice("2", cct: "A", file: "x")])
    let more = [
      invoice("3", cct: "B", file: "x"), invoice("4", cct: "B", file: "y"), invoice("5", cct: "C", file: "y"),
      invoice("6", cct: "C", file: "z"), invoice("7", cct: "C", file: "z"),
    ]
    #expect(
      try await warnings(more, bench) == ["2 file_shared 3.pdf (1, A)", "4 file_shared 5.pdf (4, B)"])
    try await bench.add(more)
    #expect(try await bench.store.sharedFile(of: more[0]) == .init(number: "1", cct: "A"))
    #expect(try await bench.store.sharedFile(of: more[3]) == nil)
  }

  @Test("a customer code or a PDF that an import corrects is no longer warned of")
  func corrected() async throws {
    let bench = try StoreBench()
    try await bench.add([invoice("1", cct: "A", file: "x"), invoice("2", cct: "B", file: "x")])
    #expect(try await warnings([invoice("2", cct: "A", file: "x")], bench) == [])
    try await bench.add([invoice("2", cct: "B", file: "y")])
    #expect(try await bench.store.sharedFile(of: invoice("1", cct: "A", file: "x")) == nil)
  }

  @Test("the invoices of an older store have their likeness, and the digest of their PDF")
  func migrated() async throws {
    let folder = try TemporaryFolder()
    let path = folder("store.db")
    try StoreFixture.make("0.1.0", at: path)
    let store = try Store(path: path, time: TurnedTime().time)
    let invoice = try #require(try await store.invoices(Filter(), after: nil, limit: 1).first)
    var other = invoice
    (other.number, other.cct) = (invoice.number.replacing("-", with: "\u{2011}"), "OTHER")
    try await store.stage("w", invoices: [StagedInvoice(line: 2, invoice: other, sentAt: nil)], problems: [])
    #expect(try await store.problems(of: "w", limit: 9).map(\.problem.code) == [.numberTwin, .fileShared])
    try store.close()
  }
}
