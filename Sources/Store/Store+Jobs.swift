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

extension Store {
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

  /// Makes the job with its deliveries and claims, of the invoices that the request's filter selects and that are due, in
  /// one transaction.
  ///
  /// - Parameters:
  ///   - exclusive: its deliveries claim their invoices; false for tests and rehearsals, whose deliveries take claimed
  ///     invoices too.
  ///   - series: what is known about the pipeline's series.
  /// Throws `.nothingMatched` when the selection is empty, `.nothingDue` when all of it is held or marked as sent, and
  /// `.seriesUndecided` when a person has to say first which series the pipeline goes on with.
  package func createJob(
    _ request: JobRequest, exclusive: Bool, series choice: SeriesChoice = SeriesChoice(), by person: Person
  ) async throws(StoreError) -> Job {
    let condition = try CatalogueCondition(request.filter)
    return try await change { transaction in
      let db = transaction.db
      if let job = try Self.job(for: request, db) { return job }
      let series = try transaction.series(of: request.pipeline, exclusive: exclusive, choice)
      if exclusive { try transaction.holdInDoubt(request.pipeline) }
      let selection = Self.eligibility(from: "invoice i \(Self.claimJoin) WHERE \(condition.sql)")
      let arguments: StatementArguments =
        condition.arguments + ["series": series, "occasion": request.occasion, "exclusive": exclusive]
      let limit = request.filter.limit ?? -1
      if exclusive, request.resendReason != nil {
        try Self.giveUpSentClaims(selection, arguments + ["limit": limit], db)
      }
      let tally = try Self.tally(selection, arguments, db)
      try Self.requireInvoices(tally)
      try db.execute(
        sql: """
          INSERT INTO job (request, parameters, pipeline, series, occasion, filter, test_to, exclusive, state,
            already, in_other_jobs, to_check, held, marked_sent, started_uid, started_name, started_at)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          request.id, try WireJSON.text(request), request.pipeline, series, request.occasion,
          try WireJSON.text(request.filter), request.testTo, exclusive, tally[.sent], tally[.inOtherJob],
          tally[.toCheck], tally[.held], tally[.markedSent], person.uid, person.name, transaction.now.milliseconds,
        ])
      let id = db.lastInsertedRowID
      for other in tally.others {
        try db.execute(
          sql: "INSERT INTO other_job (job, other, invoices) VALUES (?, ?, ?)",
          arguments: [id, other.job, other.invoices])
      }
      try db.execute(
        sql: """
          INSERT INTO delivery
            (job, position, number, revision, pipeline, series, occasion, exclusive, state, updated_at)
          SELECT :job, row_number() OVER (ORDER BY number), number, revision, :pipeline, :series, :occasion, :exclusive,
            'pending', :now
          FROM (SELECT number, revision FROM (\(selection)) WHERE eligibility = 'due' ORDER BY number LIMIT :limit)
          """,
        arguments: arguments + [
          "job": id, "pipeline": request.pipeline, "now": transaction.now.milliseconds, "limit": limit,
        ])
      let total = db.changesCount
      if exclusive, request.resendReason != nil { try Self.noteResends(of: id, db) }
      try db.execute(sql: "UPDATE job SET total = ?, open = ? WHERE id = ?", arguments: [total, total, id])
      try transaction.note("start", by: person, job: id, detail: request.resendReason ?? request.testTo)
      try transaction.event(.start, of: id)
      // A sender that is held already holds its new job; a job of nothing is completed.
      try transaction.refresh(job: id)
      try transaction.tellWait(of: id)
      return try transaction.job(id)
    }
  }

  private static func requireInvoices(_ tally: Tally) throws {
    guard tally.invoices.values.contains(where: { $0 > 0 }) else { throw StoreError.nothingMatched }
    let isLeftOut = [Eligibility.due, .sent, .inOtherJob, .toCheck].allSatisfy { tally[$0] == 0 }
    if isLeftOut { throw StoreError.nothingDue(held: tally[.held], markedSent: tally[.markedSent]) }
  }

  /// A resend overrides claims of deliveries that were sent, and no others: of exactly the invoices that its job takes,
  /// or the rest would look as if it had never been sent.
  private static func giveUpSentClaims(
    _ selection: String, _ arguments: StatementArguments, _ db: Database
  ) throws {
    try db.execute(
      sql: """
        UPDATE delivery SET exclusive = 0 WHERE exclusive AND state IN ('sent', 'recorded') AND series = :series
          AND occasion = :occasion AND number IN (
            SELECT number FROM (\(selection)) WHERE is_free AND eligibility IN ('due', 'sent') ORDER BY number LIMIT :limit)
        """,
      arguments: arguments)
  }

  /// Notes whose claims a resend took over: of each invoice, the newest delivery that was sent and gave its claim up.
  private static func noteResends(of job: Int64, _ db: Database) throws {
    try db.execute(
      sql: """
        UPDATE delivery SET resends = (
          SELECT max(s.id) FROM delivery s JOIN job j ON j.id = s.job
          WHERE s.number = delivery.number AND s.series = delivery.series AND s.occasion = delivery.occasion
            AND s.state IN ('sent', 'recorded') AND NOT s.exclusive AND j.exclusive)
        WHERE job = ?
        """,
      arguments: [job])
  }

  package func job(_ id: Int64) async throws(StoreError) -> Job {
    try await read { db in
      guard let job = try Job.fetchOne(db, id) else { throw StoreError.noSuchJob(id) }
      return job
    }
  }

  /// A page of the jobs, the newest first, all with ids below `before`.
  package func jobs(before: Int64?, limit: Int) async throws(StoreError) -> Page<Job> {
    try await read { db in
      try Page(
        db, "SELECT * FROM job WHERE id < :before ORDER BY id DESC LIMIT :limit", ["before": before ?? .max],
        limit: limit
      ) { try Job($0, db) }
    }
  }

  /// Running, paused and waiting jobs, the oldest first.
  package func unfinishedJobs() async throws(StoreError) -> [Job] {
    try await read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM job WHERE state NOT IN ('completed', 'cancelled') ORDER BY id")
        .map { try Job($0, db) }
    }
  }

  /// The first page of them.
  package func unfinishedJobs(limit: Int) async throws(StoreError) -> Page<Job> {
    try await read { db in
      try Page(
        db, "SELECT * FROM job WHERE state NOT IN ('completed', 'cancelled') ORDER BY id LIMIT :limit", [:],
        limit: limit
      ) { try Job($0, db) }
    }
  }
}
