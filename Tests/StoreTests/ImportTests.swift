import Model
import Store
import Testing
import TestSupport

@Suite("Imports into the catalogue")
struct CatalogueImportTests {
  @Test("the same content twice changes nothing")
  func unchanged() async throws {
    let bench = try StoreBench()
    let invoices = (1...3).map { Invoice.sample("\($0)") }
    #expect(try await bench.add(invoices).added == 3)
    let again = try await bench.add(invoices)
    #expect(again.unchanged == 3 && again.added == 0 && again.updated == 0 && again.applied)
  }

  @Test("other content updates an invoice that is free, and names what changed")
  func updated() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    var invoice = Invoice.sample("1", to: "b@customer.example")
    invoice.fields["amount"] = "12"
    try await bench.store.stage(
      "i", invoices: [StagedInvoice(line: 2, invoice: invoice, sentAt: nil)], problems: [])
    let changes = try await bench.store.pendingChanges(of: "i", after: "", limit: 10)
    #expect(changes.map(\.number) == ["1"] && changes[0].fields == ["to", "amount"])
    #expect(try await bench.store.applyImport("i", skipBad: false, by: StoreBench.person).updated == 1)
    #expect(try await bench.store.invoice("1") == invoice)
  }

  @Test("capitals of a field's name change nothing, whether the invoice was sent or not; another value does")
  func capitals() async throws {
    let bench = try StoreBench()
    func invoice(_ number: String, _ fields: [String: String]) -> Invoice {
      var invoice = Invoice.sample(number)
      invoice.fields = fields
      return invoice
    }
    let (old, new) = (["Montant": "12", "Échéance": "30"], ["montant": "12", "échÉance": "30"])
    try await bench.add(["1", "2", "3"].map { invoice($0, old) })
    _ = try await bench.start("a", ["1"])
    try await bench.sendAll()
    _ = try await bench.start("b", ["2"])
    let again = try await bench.add(["1", "2", "3"].map { invoice($0, new) })
    #expect(again.applied && again.unchanged == 3 && again.bad == 0, "\(again)")
    #expect(try await bench.store.invoice("3").fields == old)
    let other = invoice("3", ["MONTANT": "13", "échéance": "30", "note": "x"])
    try await bench.store.stage("i", invoices: [StagedInvoice(line: 2, invoice: other, sentAt: nil)], problems: [])
    let changes = try await bench.store.pendingChanges(of: "i", after: "", limit: 10)
    #expect(changes.map(\.fields) == [["Montant", "note"]])
    #expect(try await bench.store.applyImport("i", skipBad: false, by: StoreBench.person).updated == 1)
    let expected = ["Montant": "13", "Échéance": "30", "note": "x"]
    #expect(try await bench.store.invoice("3").fields == expected)
  }

  @Test("other content is refused while a delivery is open, and after the invoice was sent")
  func refused() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1"), .sample("2")])
    _ = try await bench.start("a", ["1"])
    try await bench.sendAll()
    _ = try await bench.start("b", ["2"])
    let other = [Invoice.sample("1", to: "x@y.example"), .sample("2", to: "x@y.example"), .sample("3")]
    let refused = try await bench.add(other)
    #expect(!refused.applied && refused.bad == 2)
    #expect(try await bench.store.invoiceCount() == 2)
    let skipped = try await bench.add(other, skipBad: true)
    #expect(skipped.applied && skipped.added == 1 && skipped.bad == 2 && skipped.updated == 0)
    #expect(try await bench.store.invoice("1") == .sample("1"))
  }

  @Test("a number that stands twice in one manifest is a problem of the second line")
  func duplicate() async throws {
    let bench = try StoreBench()
    try await bench.store.stage(
      "i",
      invoices: [
        StagedInvoice(line: 2, invoice: .sample("1"), sentAt: nil),
        StagedInvoice(line: 3, invoice: .sample("1"), sentAt: nil),
      ], problems: [])
    let problems = try await bench.store.problems(of: "i", limit: 10).map(\.problem)
    #expect(problems.map(\.line) == [3] && problems[0].code == .numberDuplicate)
  }

  @Test("a mark of another system keeps an invoice from being sent, and stays when it is gone from the manifest")
  func marked() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")], sentAt: ["1": true])
    #expect(try await bench.add([.sample("1")]).unchanged == 1)
    #expect(try await bench.store.listedInvoice("1").invoice.json.contains("marked_sent"))
  }
}
