import Foundation
import GRDB
import Model

/// What a new job is to be.
package struct JobRequest: Codable, Sendable, Hashable {
  /// The same id with the same parameters names the same job.
  package var id: String
  package var pipeline: String
  package var occasion: String
  package var filter: Filter
  package var testTo: String?
  /// Why invoices that were sent already are to be sent again; nil: they are not.
  package var resendReason: String?

  package init(
    id: String, pipeline: String, occasion: String = "", filter: Filter, testTo: String? = nil,
    resendReason: String? = nil
  ) {
    self.id = id
    self.pipeline = pipeline
    self.occasion = occasion
    self.filter = filter
    self.testTo = testTo
    self.resendReason = resendReason
  }
}

/// Whether an invoice is due, or why not.
package enum Standing: Sendable, Hashable {
  case due
  /// Another delivery of this pipeline and occasion has it.
  case claimed
  case held
  case markedSent
}

extension Store {
  /// Numbers in one staging change: some milliseconds of the writer's time.
  package static let selectionBatch = 500

  /// The job that a request id made before, or nil. Throws `.requestReused` when it was made by other parameters.
  package func job(for request: JobRequest) async throws(StoreError) -> Job? {
    try await read { db in try Self.job(for: request, db) }
  }

  private static func job(for request: JobRequest, _ db: Database) throws -> Job? {
    guard
      let row = try Row.fetchOne(
        db, sql: "SELECT id, parameters FROM job WHERE request = ?", arguments: [request.id])
    else { return nil }
    guard row["parameters"] == (try WireJSON.text(request)) else { throw StoreError.requestReused(job: row["id"]) }
    return try Job.fetchOne(db, row["id"])
  }

  /// Keeps selected numbers until `createJob` or `dropSelection`; batches of `selectionBatch`.
  package func stageSelection(_ selection: String, numbers: [String]) async throws(StoreError) {
    try await change { ledger in
      for number in numbers {
        try ledger.db.execute(
          sql: "INSERT OR IGNORE INTO staged_selection VALUES (?, ?)", arguments: [selection, number])
      }
    }
  }

  package func dropSelection(_ selection: String) async throws(StoreError) {
    try await change { try Self.dropSelection(selection, $0.db) }
  }

  private static func dropSelection(_ selection: String, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM staged_selection WHERE selection = ?", arguments: [selection])
  }

  /// Makes the job with its deliveries and claims, of the staged invoices that are due, in one transaction.
  ///
  /// - Parameter exclusive: its deliveries claim their invoices; false for tests and rehearsals, whose deliveries take
  ///   claimed invoices too.
  /// Throws `.nothingMatched` when the selection is empty or all of it is held or marked as sent.
  package func createJob(
    _ request: JobRequest, selection: String, exclusive: Bool, by person: Person
  ) async throws(StoreError) -> Job {
    try await change { ledger in
      let db = ledger.db
      if let job = try Self.job(for: request, db) {
        try Self.dropSelection(selection, db)
        return job
      }
      try db.execute(
        sql: """
          INSERT INTO job (request, parameters, pipeline, occasion, filter, test_to, exclusive, state, started_uid,
            started_name, started_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)
          """,
        arguments: [
          request.id, try WireJSON.text(request), request.pipeline, request.occasion,
          try WireJSON.text(request.filter), request.testTo, exclusive, person.uid, person.name,
          ledger.now.milliseconds,
        ])
      let id = db.lastInsertedRowID
      if exclusive, request.resendReason != nil { try Self.giveUpSentClaims(selection, request, db) }
      let already = exclusive ? try Self.countClaimed(selection, request, db) : 0
      try db.execute(
        sql: """
          INSERT INTO delivery (job, position, number, revision, pipeline, occasion, exclusive, state, updated_at)
          SELECT :job, row_number() OVER (ORDER BY number), number, revision, :pipeline, :occasion, :exclusive, 'pending',
            :now
          FROM (\(Self.dueInvoices()) ORDER BY i.number LIMIT :limit)
          """,
        arguments: [
          "job": id, "pipeline": request.pipeline, "occasion": request.occasion, "exclusive": exclusive,
          "now": ledger.now.milliseconds, "selection": selection, "limit": request.filter.limit ?? -1,
        ])
      let total = db.changesCount
      if exclusive, request.resendReason != nil { try Self.noteResends(of: id, db) }
      guard total > 0 || already > 0 else { throw StoreError.nothingMatched }
      try db.execute(
        sql: "UPDATE job SET total = ?, open = ?, already = ? WHERE id = ?", arguments: [total, total, already, id])
      try Self.dropSelection(selection, db)
      try ledger.note("start", by: person, job: id, detail: request.resendReason ?? request.testTo)
      try ledger.event(.start, of: id)
      // A sender that is held already holds its new job; a job of nothing is completed.
      try ledger.refresh(job: id)
      try ledger.tellWait(of: id)
      return try ledger.job(id)
    }
  }

  /// The rule of what is due, written once; `:selection`, `:pipeline`, `:occasion`, `:exclusive` are its parameters.
  private static func dueInvoices(_ claims: String = claims) -> String {
    """
    SELECT i.number, i.revision FROM staged_selection s JOIN invoice i ON i.number = s.number
    WHERE s.selection = :selection AND i.held IS NULL AND i.sent_at IS NULL AND NOT (:exclusive AND EXISTS (\(claims)))
    """
  }

  private static let claims = """
    SELECT 1 FROM delivery d WHERE d.pipeline = :pipeline AND d.occasion = :occasion AND d.number = i.number
      AND d.exclusive AND d.state IN ('pending', 'prepared', 'sending', 'unknown', 'sent', 'recorded')
    """

  private static func countClaimed(_ selection: String, _ request: JobRequest, _ db: Database) throws -> Int {
    try Int.fetchOne(
      db,
      sql: """
        SELECT count(*) FROM staged_selection s JOIN invoice i ON i.number = s.number
        WHERE s.selection = :selection AND EXISTS (\(claims))
        """,
      arguments: ["selection": selection, "pipeline": request.pipeline, "occasion": request.occasion]) ?? 0
  }

  /// A resend overrides claims of deliveries that were sent, and no others: of exactly the invoices that its job takes,
  /// or the rest would look as if it had never been sent.
  private static func giveUpSentClaims(_ selection: String, _ request: JobRequest, _ db: Database) throws {
    let due = dueInvoices("\(claims) AND d.state NOT IN ('sent', 'recorded')")
    try db.execute(
      sql: """
        UPDATE delivery SET exclusive = 0 WHERE exclusive AND state IN ('sent', 'recorded') AND pipeline = :pipeline
          AND occasion = :occasion AND number IN (SELECT number FROM (\(due) ORDER BY i.number LIMIT :limit))
        """,
      arguments: [
        "selection": selection, "pipeline": request.pipeline, "occasion": request.occasion, "exclusive": true,
        "limit": request.filter.limit ?? -1,
      ])
  }

  /// Notes whose claims a resend took over: of each invoice, the newest delivery that was sent and gave its claim up.
  private static func noteResends(of job: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE delivery SET resends = (
          SELECT max(s.id) FROM delivery s JOIN job j ON j.id = s.job
          WHERE s.number = delivery.number AND s.pipeline = delivery.pipeline AND s.occasion = delivery.occasion
            AND s.state IN ('sent', 'recorded') AND NOT s.exclusive AND j.exclusive)
        WHERE job = ?
        """,
      arguments: [job])
  }

  /// Where invoices stand, for a plan or a dry run; in the order of `numbers`.
  package func standings(
    of numbers: [String], pipeline: String, occasion: String, exclusive: Bool
  ) async throws(StoreError) -> [Standing] {
    try await read { db in
      try numbers.map { number in
        let row = try Row.fetchOne(
          db,
          sql: """
            SELECT i.held IS NOT NULL AS held, i.sent_at IS NOT NULL AS marked, EXISTS (\(Self.claims)) AS claimed
            FROM invoice i WHERE i.number = :number
            """,
          arguments: ["number": number, "pipeline": pipeline, "occasion": occasion])
        guard let row else { throw StoreError.noSuchInvoice(number) }
        if exclusive, row["claimed"] { return .claimed }
        if row["held"] { return .held }
        return row["marked"] ? .markedSent : .due
      }
    }
  }

  package func job(_ id: Int64) async throws(StoreError) -> Job {
    try await read { db in
      guard let job = try Job.fetchOne(db, id) else { throw StoreError.noSuchJob(id) }
      return job
    }
  }

  /// The newest first, all with ids below `before`.
  package func jobs(before: Int64?, limit: Int) async throws(StoreError) -> [Job] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM job WHERE id < ? ORDER BY id DESC LIMIT ?", arguments: [before ?? .max, limit]
      ).map { try Job($0, db) }
    }
  }

  /// Running, paused and waiting jobs, the oldest first.
  package func unfinishedJobs() async throws(StoreError) -> [Job] {
    try await read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM job WHERE state NOT IN ('completed', 'cancelled') ORDER BY id"
      ).map { try Job($0, db) }
    }
  }
}
