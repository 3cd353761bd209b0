import Foundation
import Model
import Store
import TestSupport

/// A store in a folder of its own, with a clock that the test turns.
struct StoreBench {
  static let person = Person(uid: 1000, name: "clerk")

  let folder: TemporaryFolder
  let clock = TurnedTime()
  let store: Store

  init() throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.path + "/store.db", time: clock.time)
  }

  /// Closes the store and opens it again, as another daemon would.
  func reopened() throws -> Store {
    try store.close()
    return try Store(path: folder.path + "/store.db", time: clock.time)
  }

  @discardableResult
  func add(_ invoices: [Invoice], sentAt: [String: Bool] = [:], skipBad: Bool = false) async throws -> ImportResult {
    let id = "import"
    try await store.stage(
      id,
      invoices: invoices.enumerated().map { index, invoice in
        StagedInvoice(
          line: index + 2, invoice: invoice, sentAt: sentAt[invoice.number] == true ? clock.time.now() : nil)
      },
      problems: [])
    return try await store.applyImport(id, skipBad: skipBad, by: Self.person)
  }

  func start(
    _ request: String, _ numbers: [String], filter: Filter = Filter(), exclusive: Bool = true, resend: String? = nil
  ) async throws -> Job {
    var filter = filter
    filter.numbers = numbers
    return try await store.createJob(
      JobRequest(id: request, pipeline: "invoices", filter: filter, resendReason: resend),
      exclusive: exclusive, by: Self.person)
  }

  func dueDeliveries(_ limit: Int = 10) async throws -> [DueDelivery] {
    try await store.dueDeliveries(pipeline: "invoices", inFlight: [], limit: limit)
  }

  func begin(_ due: DueDelivery, perDay: Int? = nil) async throws -> SendingDecision {
    try await store.beginSending(due, token: SendToken("t\(due.id)"), delivers: true, messagesPerDay: perDay)
  }

  func receipt(_ message: String = "m") -> Receipt {
    Receipt(message: message, account: "billing@example.com", at: clock.time.now())
  }

  /// Sends what is there, as the runner does.
  func sendAll() async throws {
    for due in try await dueDeliveries(1000) where try await begin(due) == .go {
      _ = try await store.finishSending(due, .sent(receipt()))
      try await store.markRecorded(due.id)
    }
  }

  func events(_ job: Int64? = nil) async throws -> [Event] {
    try await store.events(job: job, after: 0, limit: 1000).map { try $0.event() }
  }
}

extension Store {
  /// What `listDeliveries` shows.
  func deliveries(
    job: Int64?, states: [DeliveryState], period: Period?, after: Int64, limit: Int
  ) async throws -> [Delivery] {
    try await listDeliveries(job: job, states: states, period: period, after: after, limit: limit).map {
      try WireJSON.decode(Delivery.self, from: Data($0.json.utf8))
    }
  }
}
