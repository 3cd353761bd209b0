import Foundation
import GRDB
import Model

extension Store {
  /// Which invoices a list shows.
  package enum Status: String, Sendable {
    /// Neither sent nor marked as sent, nor unknown.
    case unsent
    /// The newest delivery failed.
    case failed
    case unknown
  }

  /// A page of the content of matching invoices in the order of their numbers, all after the number `after`.
  /// `filter.limit` is not looked at.
  package func invoices(_ filter: Filter, after: String?, limit: Int) async throws(StoreError) -> Page<Invoice> {
    let selected = try CatalogueCondition(filter)
    let arguments = selected.arguments + ["after": after ?? ""]
    return try await read { db in
      try Page(
        db,
        """
        SELECT r.content FROM invoice i JOIN revision r ON r.id = i.revision
        WHERE i.number > :after AND \(selected.sql) ORDER BY i.number LIMIT :limit
        """,
        arguments, limit: limit
      ) { try WireJSON.value(Invoice.self, $0[0]) }
    }
  }

  package func invoice(_ number: String) async throws(StoreError) -> Invoice {
    guard let invoice = try await invoices(Filter(numbers: [number]), after: nil, limit: 1).first else {
      throw StoreError.noSuchInvoice(number)
    }
    return invoice
  }

  /// The same invoices, each with where it stands: JSON of the control interface's `Invoice`.
  package func listInvoices(
    _ filter: Filter, status: Status? = nil, after: String?, limit: Int
  ) async throws(StoreError) -> Page<Listed<String>> {
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
        SELECT i.number, \(ListedJSON.invoice) FROM invoice i JOIN revision r ON r.id = i.revision
        LEFT JOIN delivery d ON d.id = (\(Self.newestDelivery))
        WHERE \(condition) ORDER BY i.number LIMIT :limit
        """,
        arguments, limit: limit, Listed.init)
    }
  }

  /// An invoice in the same form, with a page of its deliveries, the newest first.
  package func listedInvoice(
    _ number: String
  ) async throws(StoreError) -> (invoice: Listed<String>, deliveries: Page<Listed<Int64>>) {
    guard let invoice = try await listInvoices(Filter(numbers: [number]), after: nil, limit: 1).first else {
      throw StoreError.noSuchInvoice(number)
    }
    let deliveries = try await read { db in
      let sql = Self.listDeliveries(where: "d.number = :number", by: "d.id", descending: true)
      return try Page(db, sql, ["number": number], limit: 200, Listed<Int64>.init)
    }
    return (invoice, deliveries)
  }

  package func invoiceCount() async throws(StoreError) -> Int {
    try await read { try Int.fetchOne($0, sql: "SELECT count(*) FROM invoice") ?? 0 }
  }

  /// A page of the deliveries of one job in the order of their positions, or of all jobs in the order of their ids: JSON of
  /// `Delivery`.
  ///
  /// - Parameter after: a position or an id, accordingly.
  package func listDeliveries(
    job: Int64?, states: [DeliveryState], period: Period?, after: Int64, limit: Int
  ) async throws(StoreError) -> Page<Listed<Int64>> {
    var arguments: StatementArguments = ["after": after]
    if let job { arguments += ["job": job] }
    if let state = states.first, states.count == 1 { arguments += ["state": state.rawValue] }
    if states.count > 1 { arguments += ["states": try asFailure { try WireJSON.text(states) }] }
    if let period { arguments += ["period": period.description] }
    let values = arguments
    let sql = Self.listDeliveries(ofJob: job != nil, states: states.count, ofPeriod: period != nil)
    return try await read { db in
      if let job, try Job.fetchOne(db, job) == nil { throw StoreError.noSuchJob(job) }
      return try Page(db, sql, values, limit: limit, Listed.init)
    }
  }

  /// One state of a job has an index that is in the list's order. Several have none: the list itself is gone through, which
  /// the plus sign demands (https://sqlite.org/optoverview.html#disqualifying_where_clause_terms_using_unary_).
  static func listDeliveries(ofJob: Bool, states: Int, ofPeriod: Bool) -> String {
    let order = ofJob ? "d.position" : "d.id"
    var conditions = ["\(order) > :after"]
    if ofJob { conditions.append("d.job = :job") }
    if states == 1 { conditions.append("d.state = :state") }
    if states > 1 { conditions.append("+d.state IN (SELECT value FROM json_each(:states))") }
    if ofPeriod { conditions.append("r.content ->> '$.period' = :period") }
    return listDeliveries(where: conditions.joined(separator: " AND "), by: order)
  }

  private static func listDeliveries(where condition: String, by order: String, descending: Bool = false) -> String {
    """
    SELECT \(order), \(ListedJSON.delivery)
    FROM delivery d JOIN revision r ON r.id = d.revision JOIN job j ON j.id = d.job
    WHERE \(condition) ORDER BY \(order) \(descending ? "DESC" : "") LIMIT :limit
    """
  }

  /// Of real jobs alone: a test or a rehearsal says nothing about where an invoice stands.
  private static let newestDelivery = """
    SELECT n.id FROM delivery n JOIN job j ON j.id = n.job WHERE n.number = i.number AND j.exclusive ORDER BY
    n.exclusive AND n.state IN ('pending', 'prepared', 'sending', 'unknown', 'sent', 'recorded') DESC, n.id DESC LIMIT 1
    """

  private func asFailure<T>(_ body: () throws -> T) throws(StoreError) -> T {
    do { return try body() } catch { throw StoreError(error) }
  }
}
