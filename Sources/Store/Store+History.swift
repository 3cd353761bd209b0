import Foundation
import GRDB
import Model

/// Who did what, when and why. It is kept for good.
extension Store {
  /// A page of actions, the newest first, all with ids below `before`.
  ///
  /// - Parameters:
  ///   - job: only those on this job. Throws `.noSuchJob`.
  ///   - number: only those on this invoice, on its deliveries, and on whole jobs that have one of them. Throws
  ///     `.noSuchInvoice`.
  package func actions(
    job: Int64? = nil, number: String? = nil, before: Int64? = nil, limit: Int
  ) async throws(StoreError) -> Page<Action> {
    try await read { db in
      var conditions = ["id < :before"]
      var arguments: StatementArguments = ["before": before ?? .max]
      if let job {
        if try Job.fetchOne(db, job) == nil { throw StoreError.noSuchJob(job) }
        conditions.append("job = :job")
        arguments += ["job": job]
      }
      if let number {
        let isKnown = try Bool.fetchOne(
          db, sql: "SELECT EXISTS (SELECT 1 FROM invoice WHERE number = ?)", arguments: [number])
        guard isKnown == true else { throw StoreError.noSuchInvoice(number) }
        conditions.append("id IN (\(Self.actionsOnInvoice))")
        arguments += ["number": number]
      }
      return try Page(
        db, "SELECT * FROM action WHERE \(conditions.joined(separator: " AND ")) ORDER BY id DESC LIMIT :limit",
        arguments, limit: limit, Action.init)
    }
  }

  static let actionsOnInvoice = """
    SELECT id FROM action WHERE number = :number
    UNION
    SELECT a.id FROM delivery d JOIN action a ON a.job = d.job
    WHERE d.number = :number AND (a.position IS NULL OR a.position = d.position)
    """
}

extension Action {
  fileprivate init(_ row: Row) {
    self.init(
      id: row["id"], at: Date(milliseconds: row["at"]), by: Person(uid: row["uid"], name: row["name"]),
      verb: row["verb"], job: row["job"], position: row["position"], number: row["number"], detail: row["detail"])
  }
}
