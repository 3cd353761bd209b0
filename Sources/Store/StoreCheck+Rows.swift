import GRDB
import Model

/// What this version relies on, row by row.
extension StoreCheck {
  mutating func checkRows(_ db: Database) {
    checking("store") {
      guard try Int.fetchOne(db, sql: "SELECT count(*) FROM store") != 1 else { return }
      $0.report("store", "has no row, and so no identity", Self.restore)
    }
    checking("invoice") { try $0.checkInvoices(db) }
    checking("job") { try $0.checkStates(db, "job", "state", JobState.allCases.map(\.rawValue)) }
    checking("delivery") { try $0.checkStates(db, "delivery", "state", DeliveryState.allCases.map(\.rawValue)) }
    checking("hold") { try $0.checkStates(db, "hold", "kind", Hold.Kind.allCases.map(\.rawValue)) }
    checking("job") { try $0.checkCounts(db) }
    checking("delivery") { try $0.checkClaims(db) }
    checking("delivery") { try $0.checkTokens(db) }
    checking("revision") { try $0.checkJSON(db, "revision", "content", Invoice.self) }
    checking("delivery") { try $0.checkJSON(db, "delivery", "receipt", Receipt.self) }
    checking("job") { try $0.checkJSON(db, "job", "filter", Filter.self) }
    checking("event") { try $0.checkEvents(db) }
  }

  private mutating func checkInvoices(_ db: Database) throws {
    let rows = try Row.fetchCursor(
      db, sql: "SELECT number FROM invoice WHERE revision NOT IN (SELECT id FROM revision) ORDER BY number")
    try collect(rows) { row in
      Finding(
        table: "invoice", row: row["number"], problem: "names a row of revision that is not there",
        remedy: "import it again")
    }
  }

  private mutating func checkStates(_ db: Database, _ table: String, _ column: String, _ known: [String]) throws {
    let rows = try Row.fetchCursor(
      db, sql: "SELECT id, \(column) AS text FROM \(table) WHERE \(column) NOT IN (\(Self.list(known))) ORDER BY id")
    try collect(rows) { row in
      Finding(
        table: table, row: "\(row["id"] as Int64)",
        problem: "\(column) is “\(row["text"] as String)”, which this version does not know", remedy: Self.restore)
    }
  }

  /// `job` keeps what could be counted.
  private mutating func checkCounts(_ db: Database) throws {
    let states = Dictionary(grouping: DeliveryState.allCases, by: \.counter).mapValues { $0.map(\.rawValue) }
    let names = states.keys.sorted()
    let counted = names.map { "count(CASE WHEN d.state IN (\(Self.list(states[$0] ?? []))) THEN 1 END) AS n_\($0)" }
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT j.*, count(d.id) AS n_total, \(counted.joined(separator: ", "))
        FROM job j LEFT JOIN delivery d ON d.job = j.id GROUP BY j.id ORDER BY j.id
        """)
    try collect(rows) { row in
      let wrong = (["total"] + names).compactMap { name -> String? in
        let (kept, found): (Int, Int) = (row[name], row["n_\(name)"])
        return kept == found ? nil : "\(name) is \(kept), and its deliveries say \(found)"
      }
      let id: Int64 = row["id"]
      guard wrong.isEmpty else {
        return Finding(
          table: "job", row: "\(id)", problem: wrong.joined(separator: ", "),
          remedy: "the deliveries are right: invoicectl export \(id)")
      }
      let state = JobState(rawValue: row["state"])
      guard state?.isFinished == true, row["open"] as Int > 0 else { return nil }
      return Finding(
        table: "job", row: "\(id)",
        problem: "is \(row["state"] as String), with \(row["open"] as Int) deliveries to do", remedy: Self.restore)
    }
  }

  /// Not by the index whose work this is.
  private mutating func checkClaims(_ db: Database) throws {
    let claiming = DeliveryState.allCases.filter(\.claims).map(\.rawValue)
    // A store of an older version claims by the name of the pipeline.
    let series = try db.columns(in: "delivery").contains { $0.name == "series" } ? "series" : "pipeline"
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT number, \(series) AS series, occasion, group_concat(id, ', ') AS ids FROM delivery NOT INDEXED
        WHERE exclusive AND state IN (\(Self.list(claiming))) GROUP BY \(series), occasion, number HAVING count(*) > 1
        ORDER BY number
        """)
    try collect(rows) { row in
      let (number, series, occasion): (String, String, String) = (row["number"], row["series"], row["occasion"])
      let of = occasion.isEmpty ? series : "\(series), \(occasion)"
      return Finding(
        table: "delivery", row: row["ids"], problem: "all claim invoice \(number) (\(of))",
        remedy: "cancel the job of what is not sent yet, before it goes out twice: invoicectl invoice \(number)")
    }
  }

  private mutating func checkTokens(_ db: Database) throws {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT id, job, position, number, state FROM delivery
        WHERE state IN ('prepared', 'sending') AND token IS NULL ORDER BY id
        """)
    try collect(rows) { row in
      let (job, position, number): (Int64, Int, String) = (row["job"], row["position"], row["number"])
      let isSending = DeliveryState(rawValue: row["state"]) == .sending
      return Finding(
        table: "delivery", row: "\(row["id"] as Int64)",
        problem: "is \(row["state"] as String) without a token (job \(job), position \(position))",
        remedy: isSending
          ? "look for invoice \(number) in the sent mails, then invoicectl resolve \(job) \(position)"
          : "it will be prepared anew: look for invoice \(number) in the drafts, and delete it there")
    }
  }

  private mutating func checkJSON<T: Decodable>(
    _ db: Database, _ table: String, _ column: String, _ type: T.Type
  ) throws {
    let rows = try Row.fetchCursor(
      db, sql: "SELECT id, \(column) AS json FROM \(table) WHERE \(column) IS NOT NULL ORDER BY id")
    try collect(rows) { row in
      if (try? WireJSON.value(type, row["json"])) != nil { return nil }
      return Finding(
        table: table, row: "\(row["id"] as Int64)", problem: "\(column) is no \(type)", remedy: Self.restore)
    }
  }

  /// Up to `store.trimmed` there may be holes, where finished jobs were; after it there is none.
  private mutating func checkEvents(_ db: Database) throws {
    let last = try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'") ?? 0
    let trimmed = try Int64.fetchOne(db, sql: "SELECT trimmed FROM store") ?? 0
    let harmless = "watchers miss it, and the deliveries are right: invoicectl export"
    var previous = trimmed
    let rows = try Row.fetchCursor(db, sql: "SELECT seq, job, json FROM event ORDER BY seq")
    try collect(rows) { row in
      let (sequence, job): (Int64, Int64) = (row["seq"], row["job"])
      let expected = previous + 1
      previous = max(previous, sequence)
      if sequence > expected {
        return Finding(
          table: "event", row: "\(expected)", problem: "is missing, as are all up to \(sequence)", remedy: harmless)
      }
      guard let event = try? WireJSON.value(Event.self, row["json"]) else {
        return Finding(table: "event", row: "\(sequence)", problem: "json is no Event", remedy: harmless)
      }
      guard event.id.sequence != sequence || event.job != job else { return nil }
      return Finding(
        table: "event", row: "\(sequence)", problem: "json is of event \(event.id.sequence), job \(event.job)",
        remedy: harmless)
    }
    if previous < last {
      report("event", "\(previous + 1) to \(last) are missing", harmless)
    } else if previous > last {
      report("sqlite_sequence", "event is \(last), behind event \(previous): no more can be written", Self.restore)
    }
  }

  private static func list(_ texts: [String]) -> String { texts.map { "'\($0)'" }.joined(separator: ", ") }
}
