import Foundation
import GRDB
import Model

/// What is known about the series of a pipeline when it is to start. An invoice is sent once in each series and occasion;
/// the series outlasts the name of the pipeline.
package struct SeriesChoice: Sendable, Hashable {
  /// Stands for a series that nothing was sent in yet.
  package static let new = "new"

  /// The pipeline's key `series`; nil: it has none, and goes on with the series that the store keeps for it.
  package var configured: String?
  /// What a person answered to a `SeriesQuestion`: a series that exists, or `new`.
  package var answer: String?
  /// Names of all pipelines in the configuration.
  package var pipelines: Set<String>

  package init(configured: String? = nil, answer: String? = nil, pipelines: Set<String> = []) {
    self.configured = configured
    self.answer = answer
    self.pipelines = pipelines
  }
}

extension Store {
  /// The series of a pipeline, as a list shows it; nil: it has not begun.
  package func series(of pipeline: String) async throws(StoreError) -> String? {
    try await read { try SeriesBook($0).entry(of: pipeline)?.series }
  }

  /// Brings the store in line with the names of a configuration, while no runner works: a pipeline whose key names a
  /// series that exists goes on with it, and takes over what the pipeline of before has left.
  ///
  /// - Parameter choices: by pipeline, of all that are configured.
  /// - Returns: the pipelines that were taken over, with their new names.
  package func adoptPipelines(_ choices: [String: SeriesChoice]) async throws(StoreError) -> [RenamedPipeline] {
    try await change { transaction in
      var renamed: [RenamedPipeline] = []
      for (pipeline, choice) in choices.sorted(by: { $0.key < $1.key }) {
        let book = try SeriesBook(transaction.db)
        let kept = book.entry(of: pipeline)?.series
        if kept == nil, let series = choice.configured, book.series.contains(series) {
          try transaction.keep(.init(series: series), for: pipeline)
        } else if kept == nil || (choice.configured ?? kept) != kept, choice.configured != SeriesChoice.new {
          continue
        }
        renamed += try transaction.takeOver(for: pipeline, configured: choice.pipelines)
      }
      try transaction.noteConfigured(Set(choices.keys))
      return renamed
    }
  }
}

/// A pipeline that another one has taken over.
package struct RenamedPipeline: Sendable, Hashable {
  package var old: String
  package var new: String

  package init(old: String, new: String) {
    self.old = old
    self.new = new
  }
}

/// The table `series`: which pipeline has which, and the rule by which a pipeline begins.
struct SeriesBook {
  struct Entry {
    var pipeline: String
    var series: String
    /// Generations of the store (`StoreMark`), which no clock turns back: when the pipeline began with the series, and when
    /// a configuration last named the pipeline.
    var decided: Int64
    var seen: Int64
    /// It began with `series: new`.
    var isAnew: Bool
  }

  struct Decision {
    var series: String
    var isAnew = false
    /// A person has made it.
    var isAnswer = false
  }

  let db: Database
  let entries: [Entry]

  init(_ db: Database) throws {
    self.db = db
    entries = try Row.fetchAll(db, sql: "SELECT * FROM series ORDER BY pipeline").map {
      Entry(
        pipeline: $0["pipeline"], series: $0["series"], decided: $0["decided"], seen: $0["seen"], isAnew: $0["anew"])
    }
  }

  var series: Set<String> { Set(entries.map(\.series)) }

  func entry(of pipeline: String) -> Entry? { entries.first { $0.pipeline == pipeline } }

  /// Which series a pipeline would use, without a look at what others have sent.
  func candidate(for pipeline: String, _ choice: SeriesChoice) -> String {
    let kept = entry(of: pipeline)?.series
    switch choice.configured {
    case SeriesChoice.new?: return kept ?? unused(pipeline)
    case let name?: return name
    case nil: return kept ?? pipeline
    }
  }

  /// Which series a pipeline uses. Throws `.seriesUndecided` when that is not certain, and `.noSuchSeries` when the answer
  /// names none.
  func decide(_ pipeline: String, _ choice: SeriesChoice) throws -> Decision {
    let candidate = candidate(for: pipeline, choice)
    if let answer = choice.answer {
      guard answer == SeriesChoice.new else {
        guard series.contains(answer) || answer == choice.configured else { throw StoreError.noSuchSeries(answer) }
        return Decision(series: answer, isAnswer: true)
      }
      let name = series.contains(candidate) ? unused(pipeline) : candidate
      return Decision(series: name, isAnew: true, isAnswer: true)
    }
    var uses = try doubtful(candidate, pipeline, choice).compactMap(use)
    guard uses.isEmpty else {
      // One that has begun may as well go on as before.
      if entry(of: pipeline)?.series == candidate, let own = try use(of: candidate) { uses.append(own) }
      throw StoreError.seriesUndecided(
        SeriesQuestion(
          pipeline: pipeline, invoices: try Int.fetchOne(db, sql: "SELECT count(*) FROM invoice") ?? 0,
          others: uses.sorted { ($0.sent + $0.open, $1.series) > ($1.sent + $1.open, $0.series) }))
    }
    return Decision(series: candidate, isAnew: choice.configured == SeriesChoice.new)
  }

  /// Other series that may be the one that this pipeline is meant to go on with.
  private func doubtful(_ candidate: String, _ pipeline: String, _ choice: SeriesChoice) throws -> [String] {
    let others = series.subtracting([candidate])
    guard let kept = entry(of: pipeline) else {
      switch choice.configured {
      // A key that has come along with a pipeline which had begun anew itself, and has another name now.
      case SeriesChoice.new?: return entries.filter { $0.isAnew && isForsaken($0.series, choice) }.map(\.series)
      case let name? where series.contains(name): return []
      default: return Array(others)
      }
    }
    guard kept.series == candidate else { return Array(others) }
    guard choice.configured != candidate else { return [] }
    // Another pipeline that was there when this one began, and went since, may have got this one's name.
    return others.filter { name in
      isForsaken(name, choice) && entries.contains { $0.series == name && $0.seen > 0 && $0.seen >= kept.decided }
    }
  }

  private func isForsaken(_ series: String, _ choice: SeriesChoice) -> Bool {
    !entries.contains { $0.series == series && choice.pipelines.contains($0.pipeline) }
  }

  /// Nil: it has nothing that could go out again.
  private func use(of series: String) throws -> SeriesQuestion.Use? {
    let row = try Row.fetchOne(
      db,
      sql: """
        SELECT count(*) AS claimed, coalesce(sum(is_sent), 0) AS sent FROM (
          SELECT max(d.state IN ('sent', 'recorded')) AS is_sent FROM delivery d
          WHERE d.series = ? AND \(Store.claims("d")) GROUP BY d.number)
        """,
      arguments: [series])
    guard let row, row["claimed"] as Int > 0 else { return nil }
    let pipeline = try String.fetchOne(
      db, sql: "SELECT pipeline FROM job WHERE series = ? AND exclusive ORDER BY id DESC LIMIT 1", arguments: [series])
    let (claimed, sent): (Int, Int) = (row["claimed"], row["sent"])
    return SeriesQuestion.Use(series: series, pipeline: pipeline ?? series, sent: sent, open: claimed - sent)
  }

  private func unused(_ pipeline: String) -> String {
    let names = [pipeline] + (2...(series.count + 2)).map { "\(pipeline)-\($0)" }
    return names.first { !series.contains($0) } ?? pipeline
  }
}

extension StoreTransaction {
  /// The series of a job that is about to be made. A pipeline begins with its first real job: the series is kept from
  /// then on, and what an older name of the pipeline has left goes on with it.
  func series(of pipeline: String, exclusive: Bool, _ choice: SeriesChoice) throws -> String {
    let book = try SeriesBook(db)
    guard exclusive else { return book.candidate(for: pipeline, choice) }
    let decision = try book.decide(pipeline, choice)
    try raiseGeneration()
    try keep(decision, for: pipeline)
    try noteConfigured(choice.pipelines)
    _ = try takeOver(for: pipeline, configured: choice.pipelines)
    return decision.series
  }

  /// Keeps the series that a pipeline has begun with.
  func keep(_ decision: SeriesBook.Decision, for pipeline: String) throws {
    try db.execute(
      sql: """
        INSERT INTO series (pipeline, series, decided, anew)
        VALUES (:pipeline, :series, (SELECT generation FROM store), :anew)
        ON CONFLICT (pipeline) DO UPDATE SET series = excluded.series, decided = excluded.decided, anew = excluded.anew
        WHERE series <> excluded.series OR :answer
        """,
      arguments: [
        "pipeline": pipeline, "series": decision.series, "anew": decision.isAnew, "answer": decision.isAnswer,
      ])
  }

  /// Notes that a configuration names these pipelines now.
  func noteConfigured(_ pipelines: Set<String>) throws {
    try db.execute(
      sql: """
        UPDATE series SET seen = (SELECT generation FROM store)
        WHERE pipeline IN (SELECT value FROM json_each(?))
        """,
      arguments: [try WireJSON.text(pipelines.sorted())])
  }

  /// Gives a pipeline all that pipelines of its series have left which the configuration does not name any more: jobs,
  /// deliveries, holds and the day's count. Only when no other configured pipeline could be meant.
  func takeOver(for pipeline: String, configured: Set<String>) throws -> [RenamedPipeline] {
    let book = try SeriesBook(db)
    guard let series = book.entry(of: pipeline)?.series else { return [] }
    let all = book.entries.filter { $0.series == series }.map(\.pipeline)
    guard all.filter(configured.contains) == [pipeline] else { return [] }
    var renamed: [RenamedPipeline] = []
    for old in all where !configured.contains(old) {
      let isUsed = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM job WHERE pipeline = ?)", arguments: [old])
      guard isUsed == true else { continue }
      try rename(old, to: pipeline)
      renamed.append(RenamedPipeline(old: old, new: pipeline))
    }
    return renamed
  }

  private func rename(_ old: String, to new: String) throws {
    for table in ["job", "delivery", "sending"] {
      try db.execute(sql: "UPDATE \(table) SET pipeline = ? WHERE pipeline = ?", arguments: [new, old])
    }
    // The new one's own wait, or its hold of a kind, is as good.
    for table in ["hold", "wait"] {
      try db.execute(sql: "UPDATE OR IGNORE \(table) SET pipeline = ? WHERE pipeline = ?", arguments: [new, old])
      try db.execute(sql: "DELETE FROM \(table) WHERE pipeline = ?", arguments: [old])
    }
    try note("rename pipeline", by: Person(uid: getuid(), name: "invoiced"), detail: "\(old) → \(new)")
    let unfinished = try Int64.fetchAll(
      db, sql: "SELECT id FROM job WHERE pipeline = ? AND state NOT IN ('completed', 'cancelled') ORDER BY id",
      arguments: [new])
    for id in unfinished { try refresh(job: id) }
  }
}
