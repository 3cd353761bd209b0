import Foundation
import GRDB
import Model

/// An invoice of the catalogue, and where it stands.
package struct CatalogueEntry: Sendable, Hashable {
  package var invoice: Invoice
  /// Another system sent it at this time.
  package var markedSentAt: Date?
  /// A person's reason for keeping it back.
  package var held: String?
  /// The newest delivery that claims it, else the newest one.
  package var delivery: (state: DeliveryState, job: Int64)?

  package static func == (a: Self, b: Self) -> Bool {
    a.invoice == b.invoice && a.markedSentAt == b.markedSentAt && a.held == b.held
      && a.delivery?.state == b.delivery?.state && a.delivery?.job == b.delivery?.job
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(invoice) }
}

extension Store {
  /// Which invoices a list shows.
  package enum Status: String, Sendable {
    /// Neither sent nor marked as sent, nor unknown.
    case unsent
    /// The newest delivery failed.
    case failed
    case unknown
  }

  /// A page of matching invoices in the order of their numbers, all after the number `after`. `filter.limit` is not
  /// looked at.
  package func invoices(
    _ filter: Filter, status: Status? = nil, after: String?, limit: Int
  ) async throws(StoreError) -> Page<CatalogueEntry> {
    let selected = try CatalogueCondition(filter)
    var conditions = ["i.number > :after", selected.sql]
    let arguments = selected.arguments + ["after": after ?? ""]
    switch status {
    case nil: break
    case .unsent:
      conditions.append("sent_at IS NULL AND (state IS NULL OR state NOT IN ('sent', 'recorded', 'unknown'))")
    case .failed: conditions.append("state = 'failed'")
    case .unknown: conditions.append("state = 'unknown'")
    }
    let condition = conditions.joined(separator: " AND ")
    return try await read { db in
      try Page(
        db,
        """
        SELECT i.*, r.content, d.state, d.job FROM invoice i JOIN revision r ON r.id = i.revision
        LEFT JOIN delivery d ON d.id = (\(Self.newestDelivery))
        WHERE \(condition) ORDER BY i.number LIMIT :limit
        """,
        arguments, limit: limit, Self.entry)
    }
  }

  /// An invoice with a page of its deliveries, the newest first.
  package func invoice(
    _ number: String
  ) async throws(StoreError) -> (entry: CatalogueEntry, deliveries: Page<Delivery>) {
    let found = try await invoices(Filter(numbers: [number]), after: nil, limit: 1)
    guard let entry = found.first else { throw StoreError.noSuchInvoice(number) }
    let deliveries = try await read { db in
      try DeliveryRow.page(db, where: "d.number = :number ORDER BY d.id DESC", ["number": number], limit: 200)
    }
    return (entry, deliveries)
  }

  package func invoiceCount() async throws(StoreError) -> Int {
    try await read { try Int.fetchOne($0, sql: "SELECT count(*) FROM invoice") ?? 0 }
  }

  /// A page of the deliveries of one job in the order of their positions, or of all jobs in the order of their ids.
  ///
  /// - Parameter after: a position or an id, accordingly.
  package func deliveries(
    job: Int64?, states: [DeliveryState], period: Period?, after: Int64, limit: Int
  ) async throws(StoreError) -> Page<Delivery> {
    let order = job == nil ? "d.id" : "d.position"
    var conditions = ["\(order) > :after"]
    var arguments: StatementArguments = ["after": after]
    if let job {
      conditions.append("d.job = :job")
      arguments += ["job": job]
    }
    if !states.isEmpty {
      conditions.append("d.state IN (SELECT value FROM json_each(:states))")
      arguments += ["states": try asFailure { try WireJSON.text(states) }]
    }
    if let period {
      conditions.append("json_extract(r.content, '$.period') = :period")
      arguments += ["period": period.description]
    }
    let (condition, values) = (conditions.joined(separator: " AND "), arguments)
    return try await read { db in
      if let job, try Job.fetchOne(db, job) == nil { throw StoreError.noSuchJob(job) }
      return try DeliveryRow.page(db, where: "\(condition) ORDER BY \(order)", values, limit: limit)
    }
  }

  /// Of real jobs alone: a test or a rehearsal says nothing about where an invoice stands.
  private static let newestDelivery = """
    SELECT n.id FROM delivery n JOIN job j ON j.id = n.job WHERE n.number = i.number AND j.exclusive ORDER BY
    n.exclusive AND n.state IN ('pending', 'prepared', 'sending', 'unknown', 'sent', 'recorded') DESC, n.id DESC LIMIT 1
    """

  private static func entry(_ row: Row) throws -> CatalogueEntry {
    CatalogueEntry(
      invoice: try WireJSON.value(Invoice.self, row["content"]),
      markedSentAt: (row["sent_at"] as Int64?).map(Date.init(milliseconds:)), held: row["held"],
      delivery: try (row["state"] as String?).map { _ in (try row.state("state"), row["job"]) })
  }

  private func asFailure<T>(_ body: () throws -> T) throws(StoreError) -> T {
    do { return try body() } catch { throw StoreError(error) }
  }
}
