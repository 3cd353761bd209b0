import Foundation
import GRDB
import Model

/// Whether an invoice is due, or why not.
package enum Eligibility: String, Sendable, Hashable, CaseIterable {
  case due
  /// Another delivery of this series and occasion has sent it.
  case sent
  /// One may have sent it, and nobody knows yet.
  case toCheck
  /// One has yet to send it.
  case inOtherJob
  case held
  case markedSent
}

/// How the invoices of a selection stand.
package struct Tally: Sendable, Hashable {
  /// Of them, by their eligibility; one that is not there is 0.
  package var invoices: [Eligibility: Int] = [:]
  /// The jobs that have what is `inOtherJob` or `toCheck`, those with most first; at most `Store.maximumOtherJobs`.
  package var others: [OtherJob] = []

  package subscript(_ eligibility: Eligibility) -> Int { invoices[eligibility, default: 0] }

  /// What was left out.
  package var counts: Counts {
    var counts = Counts()
    counts.already = self[.sent]
    counts.inOtherJobs = self[.inOtherJob]
    counts.toCheck = self[.toCheck]
    counts.held = self[.held]
    counts.markedSent = self[.markedSent]
    return counts
  }
}

/// What a start would do now.
package struct StartPlan: Sendable, Hashable {
  package var tally: Tally
  /// As many of the due ones as the filter's limit permits.
  package var taken: Int
  /// Of them, by period.
  package var periods: [String: Int]
  /// Distinct customers of them.
  package var customers: Int
  /// The first three of them.
  package var examples: [Invoice]
  package var series: String
  /// What a person has to answer before a real job can start; nil: nothing.
  package var question: SeriesQuestion?
}

/// What decides whether an invoice is due.
package struct StartScope: Sendable, Hashable {
  package var pipeline: String
  package var occasion: String
  /// Its deliveries claim their invoices; false for tests and rehearsals, which take claimed invoices too.
  package var exclusive: Bool
  package var series: SeriesChoice

  package init(pipeline: String, occasion: String = "", exclusive: Bool, series: SeriesChoice = SeriesChoice()) {
    self.pipeline = pipeline
    self.occasion = occasion
    self.exclusive = exclusive
    self.series = series
  }
}

extension Store {
  /// The others would say nothing new, and an event is to stay small.
  package static let maximumOtherJobs = 20

  /// The condition of the index `claim`, as SQLite wants it to be repeated.
  static func claims(_ table: String) -> String {
    """
    \(table).exclusive AND \(table).state IN ('pending', 'prepared', 'sending', 'unknown', 'sent', 'recorded')
    """
  }

  /// The rule of what is due, written once: invoices `i` of a source with their eligibility, and the job that claims each.
  /// `:series`, `:occasion` and `:exclusive` are its parameters.
  static func eligibility(from source: String) -> String {
    """
    SELECT i.number, i.revision, i.cct, i.period, i.held IS NULL AND i.sent_at IS NULL AS is_free, c.job AS claimed_by,
      CASE
        WHEN c.state IN ('sent', 'recorded') THEN 'sent'
        WHEN c.state = 'unknown' THEN 'toCheck'
        WHEN c.state IS NOT NULL THEN 'inOtherJob'
        WHEN i.held IS NOT NULL THEN 'held'
        WHEN i.sent_at IS NOT NULL THEN 'markedSent'
        ELSE 'due'
      END AS eligibility
    FROM \(source)
    """
  }

  /// Joins invoices `i` with the delivery that claims each.
  static let claimJoin = """
    LEFT JOIN delivery c ON :exclusive AND c.series = :series AND c.occasion = :occasion AND c.number = i.number
      AND \(claims("c"))
    """

  /// Counts a selection in SQL: a person waits for it.
  static func tally(_ selection: String, _ arguments: StatementArguments, _ db: Database) throws -> Tally {
    var tally = Tally()
    let rows = try Row.fetchAll(
      db, sql: "SELECT eligibility, count(*) AS n FROM (\(selection)) GROUP BY eligibility", arguments: arguments)
    for row in rows { tally.invoices[try row.state("eligibility")] = row["n"] }
    guard tally[.inOtherJob] + tally[.toCheck] > 0 else { return tally }
    tally.others = try Row.fetchAll(
      db,
      sql: """
        SELECT j.id, j.state, n FROM (
          SELECT claimed_by, count(*) AS n FROM (\(selection)) WHERE eligibility IN ('inOtherJob', 'toCheck')
          GROUP BY claimed_by)
        JOIN job j ON j.id = claimed_by ORDER BY n DESC, j.id LIMIT \(maximumOtherJobs)
        """,
      arguments: arguments
    ).map { OtherJob(job: $0["id"], state: try $0.state("state"), invoices: $0["n"]) }
    return tally
  }

  /// What `createJob` would do with the catalogue's invoices that a filter takes.
  package func plan(_ filter: Filter, _ scope: StartScope) async throws(StoreError) -> StartPlan {
    let condition = try CatalogueCondition(filter)
    return try await read { db in
      let (series, question) = try Self.series(of: scope, db)
      let selection = Self.eligibility(from: "invoice i \(Self.claimJoin) WHERE \(condition.sql)")
      let arguments = condition.arguments + scope.arguments(series)
      func due(_ limit: Int) -> String {
        "SELECT * FROM (\(selection)) WHERE eligibility = 'due' ORDER BY number LIMIT \(limit)"
      }
      let taken = due(filter.limit ?? -1)
      let tally = try Self.tally(selection, arguments, db)
      // Each further question goes through the whole selection again.
      guard tally[.due] > 0 else {
        return StartPlan(
          tally: tally, taken: 0, periods: [:], customers: 0, examples: [], series: series, question: question)
      }
      let periods = try Row.fetchAll(
        db, sql: "SELECT period, count(*) AS n FROM (\(taken)) GROUP BY period", arguments: arguments)
      let examples = try Row.fetchAll(
        db,
        sql: """
          SELECT r.content FROM (\(due(min(filter.limit ?? 3, 3)))) d JOIN revision r ON r.id = d.revision
          ORDER BY d.number
          """, arguments: arguments)
      return StartPlan(
        tally: tally, taken: min(tally[.due], filter.limit ?? .max),
        periods: Dictionary(uniqueKeysWithValues: periods.map { ($0["period"], $0["n"]) }),
        customers: try Int.fetchOne(db, sql: "SELECT count(DISTINCT cct) FROM (\(taken))", arguments: arguments) ?? 0,
        examples: try examples.map { try WireJSON.value(Invoice.self, $0["content"]) }, series: series,
        question: question)
    }
  }

  /// Where invoices stand, in the order of `numbers`. Throws `.seriesUndecided`.
  package func eligibilities(of numbers: [String], _ scope: StartScope) async throws(StoreError) -> [Eligibility] {
    try await read { db in
      let (series, question) = try Self.series(of: scope, db)
      if let question { throw StoreError.seriesUndecided(question) }
      let source = "json_each(:numbers) n JOIN invoice i ON i.number = n.value \(Self.claimJoin)"
      let rows = try Row.fetchAll(
        db, sql: Self.eligibility(from: source),
        arguments: ["numbers": try WireJSON.text(numbers)] + scope.arguments(series))
      let found = Dictionary(
        try rows.map { ($0["number"] as String, try $0.state("eligibility") as Eligibility) }, uniquingKeysWith: { $1 })
      return try numbers.map { number in
        guard let eligibility = found[number] else { throw StoreError.noSuchInvoice(number) }
        return eligibility
      }
    }
  }

  /// The numbers of a filter that are not in the catalogue, and those that its other conditions leave out.
  package func missedNumbers(
    of filter: Filter
  ) async throws(StoreError) -> (unknown: [String], excluded: [String]) {
    guard let numbers = filter.numbers, !numbers.isEmpty else { return ([], []) }
    let condition = try CatalogueCondition(filter)
    return try await read { db in
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT DISTINCT n.value AS number, i.number IS NULL AS is_unknown
          FROM json_each(:numbers) n LEFT JOIN invoice i ON i.number = n.value
          WHERE i.number IS NULL OR NOT (\(condition.sql)) ORDER BY n.value
          """,
        arguments: condition.arguments)
      let unknown = rows.filter { $0["is_unknown"] }
      let excluded = rows.filter { !($0["is_unknown"] as Bool) }
      return (unknown.map { $0["number"] }, excluded.map { $0["number"] })
    }
  }

  /// The series, and what has to be answered first. Tests and rehearsals claim nothing, and ask nothing.
  private static func series(of scope: StartScope, _ db: Database) throws -> (String, SeriesQuestion?) {
    let book = try SeriesBook(db)
    guard scope.exclusive else { return (book.candidate(for: scope.pipeline, scope.series), nil) }
    do {
      return (try book.decide(scope.pipeline, scope.series).series, nil)
    } catch StoreError.seriesUndecided(let question) {
      return (book.candidate(for: scope.pipeline, scope.series), question)
    }
  }
}

extension StartScope {
  fileprivate func arguments(_ series: String) -> StatementArguments {
    ["series": series, "occasion": occasion, "exclusive": exclusive]
  }
}

/// A filter as a condition on invoices `i`. Only what is asked for stands in it: SQLite chooses an index by the text.
struct CatalogueCondition {
  private(set) var sql: String
  private(set) var arguments: StatementArguments = [:]

  init(_ filter: Filter) throws(StoreError) {
    var conditions: [String] = []
    if let cct = filter.cct {
      conditions.append("i.cct = :cct")
      arguments += ["cct": cct]
    }
    if let period = filter.period {
      conditions.append("i.period = :period")
      arguments += ["period": period.description]
    }
    if let numbers = filter.numbers {
      conditions.append("i.number IN (SELECT value FROM json_each(:numbers))")
      do { arguments += ["numbers": try WireJSON.text(numbers)] } catch { throw StoreError(error) }
    }
    sql = conditions.isEmpty ? "TRUE" : conditions.joined(separator: " AND ")
  }
}
