import Foundation
import GRDB
import Model
import Testing

@testable import Store

/// The JSON that SQLite makes, and how it finds the rows.
@Suite("Lists")
struct ListTests {
  /// Deliveries in five states, of invoices that are hard to write down.
  private func bench() async throws -> (StoreBench, Job) {
    let bench = try StoreBench()
    var invoices = (1...6).map { Invoice.sample("\($0)") }
    invoices[0].to = [Mailbox(name: "Zoé \"Z\" Müller", address: "z@a.example"), Mailbox(address: "y@a.example")]
    invoices[0].fields = ["Montant/€": "1\u{A0}234,00", "null": "null"]
    invoices[1].file.path = "/inbox/a\\b/Cafe\u{301} \"1\".pdf"
    invoices[1].cct = "00123"
    try await bench.add(invoices)
    let job = try await bench.start("a", (1...5).map { "\($0)" })
    let due = try await bench.dueDeliveries()
    for (due, result) in zip(
      due,
      [
        .sent(
          Receipt(message: "m/1", thread: "t", account: "b@example.com", at: bench.clock.time.now(), inferred: true)),
        .failed(.recipientRefused, "550 \"no\"\n\tsuch user"), .unknown(.answerLost, "", ask: false),
      ] as [SendingResult])
    {
      bench.clock.turn(by: .milliseconds(37))
      #expect(try await bench.begin(due) == .go)
      _ = try await bench.store.finishSending(due, result)
    }
    return (bench, job)
  }

  @Test("a delivery in a list is what its type is encoded as, byte for byte")
  func deliveries() async throws {
    let (bench, job) = try await bench()
    let test = try await bench.store.createJob(
      JobRequest(id: "t", pipeline: "invoices", filter: Filter(numbers: ["1"]), testTo: "me@example.com"),
      exclusive: false, by: StoreBench.person)
    for (job, count) in [(job, 5), (test, 1)] {
      let listed = try await bench.store.listDeliveries(job: job.id, states: [], period: nil, after: 0, limit: 500)
      let typed = try await bench.store.read { db in
        try DeliveryRow.fetchAll(db, where: "d.job = ? ORDER BY d.position", [job.id]).map {
          try WireJSON.text($0.delivery)
        }
      }
      #expect(listed.map(\.json) == typed && typed.count == count)
    }
    #expect(
      try await bench.store.deliveries(job: job.id, states: [], period: nil, after: 1, limit: 1).map(\.file) == [
        "Café \"1\".pdf"
      ])
  }

  private struct Eligibility: Decodable, Equatable {
    var status: String
    var job: Int64?
    var held: String?
    var sent_at: Date?
  }

  @Test("an invoice in a list is its content, and where it stands")
  func invoices() async throws {
    let (bench, job) = try await bench()
    try await bench.store.hold(invoice: "5", reason: "wait", by: StoreBench.person)
    try await bench.store.hold(invoice: "6", reason: "an \"error\"", by: StoreBench.person)
    try await bench.add([.sample("7"), .sample("8")], sentAt: ["7": true])
    let listed = try await bench.store.listInvoices(Filter(), after: nil, limit: 500)
    #expect(listed.map(\.place) == (1...8).map { "\($0)" })
    let contents = try await bench.store.invoices(Filter(), after: nil, limit: 500)
    #expect(try listed.map { try WireJSON.value(Invoice.self, $0.json) } == Array(contents))
    let now = bench.clock.time.now()
    let eligibilities = try listed.map { try WireJSON.value(Eligibility.self, $0.json) }
    #expect(
      eligibilities == [
        Eligibility(status: "sent", job: job.id), Eligibility(status: "failed", job: job.id),
        Eligibility(status: "unknown", job: job.id), Eligibility(status: "pending", job: job.id),
        Eligibility(status: "held", job: job.id, held: "wait"), Eligibility(status: "held", held: "an \"error\""),
        Eligibility(status: "marked_sent", sent_at: WireJSON.date(of: WireJSON.text(of: now))),
        Eligibility(status: "due"),
      ])
    let (invoice, deliveries) = try await bench.store.listedInvoice("2")
    #expect(invoice.json == listed[1].json)
    #expect(try deliveries.map { try WireJSON.value(Delivery.self, $0.json).state } == [.failed])
  }

  @Test("times are written to the millisecond as elsewhere")
  func times() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    for milliseconds: Int64 in [0, 999, 1_790_000_000_001, 1_795_000_000_999, 4_102_444_799_999] {
      try await bench.store.change {
        try $0.db.execute(sql: "UPDATE invoice SET sent_at = ?", arguments: [milliseconds])
      }
      let json = try #require(try await bench.store.listInvoices(Filter(), after: nil, limit: 1).first?.json)
      #expect(json.contains(#""sent_at":"\#(WireJSON.text(of: Date(milliseconds: milliseconds)))""#))
    }
  }

  @Test(
    "a page of deliveries is read where the last one ended: nothing is sorted, and no other job is gone through",
    arguments: [true, false], [0, 1, 2])
  func plan(ofJob: Bool, states: Int) async throws {
    let bench = try StoreBench()
    var arguments: StatementArguments = ["after": 0, "limit": 500, "period": "2026-10"]
    if ofJob { arguments += ["job": 1] }
    if states == 1 { arguments += ["state": "sent"] }
    if states > 1 { arguments += ["states": "[]"] }
    let values = arguments
    let plan = try await bench.store.read { db in
      try Row.fetchAll(
        db, sql: "EXPLAIN QUERY PLAN " + Store.listDeliveries(ofJob: ofJob, states: states, ofPeriod: true),
        arguments: values
      ).map { $0["detail"] as String }
    }
    #expect(!plan.contains { $0.contains("TEMP B-TREE") }, "\(plan)")
    let search =
      switch (ofJob, states) {
      case (true, 1): "SEARCH d USING INDEX delivery_job_state (job=? AND state=? AND position>?)"
      case (true, _): "SEARCH d USING INDEX sqlite_autoindex_delivery_1 (job=? AND position>?)"
      case (false, _): "SEARCH d USING INTEGER PRIMARY KEY (rowid>?)"
      }
    #expect(plan.contains(search), "\(plan)")
  }
}
