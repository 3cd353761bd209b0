import Foundation
import GRDB
import Model

/// A delivery with all that the store knows of it.
struct DeliveryRow {
  let id: Int64
  let job: Int64
  let position: Int
  let number: String
  let revision: Int64
  let pipeline: String
  let series: String
  let occasion: String
  let exclusive: Bool
  let state: DeliveryState
  let attempt: Int
  let tries: Int
  let preparation: Int
  let token: String?
  let messageSHA256: String?
  let unknown: Int
  let ask: Bool
  /// Nothing can be found out about it before a person removes the cause.
  let blocked: Bool
  let sendingAt: Date?
  /// Nil also where an older version of invoiced wrote it.
  let sendingSince: Moment?
  let code: ErrorCode?
  let detail: String?
  let receipt: Receipt?
  let recordedBy: Set<String>
  /// The sent delivery whose claim this one took over.
  let resends: Int64?
  let updatedAt: Date
  let invoice: Invoice
  /// The job's only recipient, if it is a test.
  let testTo: String?

  static let selection = """
    SELECT d.*, r.content, (SELECT j.test_to FROM job j WHERE j.id = d.job) AS test_to
    FROM delivery d JOIN revision r ON r.id = d.revision
    """

  init(_ row: Row) throws {
    id = row["id"]
    job = row["job"]
    position = row["position"]
    number = row["number"]
    revision = row["revision"]
    pipeline = row["pipeline"]
    series = row["series"]
    occasion = row["occasion"]
    exclusive = row["exclusive"]
    state = try row.state("state")
    attempt = row["attempt"]
    tries = row["tries"]
    preparation = row["preparation"]
    token = row["token"]
    messageSHA256 = row["message_sha256"]
    unknown = row["unknown"]
    ask = row["ask"]
    blocked = row["blocked"]
    sendingAt = (row["sending_at"] as Int64?).map(Date.init(milliseconds:))
    sendingSince = try (row["sending_since"] as String?).map { try WireJSON.value(Moment.self, $0) }
    code = (row["code"] as String?).flatMap(ErrorCode.init(rawValue:))
    detail = row["detail"]
    receipt = try (row["receipt"] as String?).map { try WireJSON.value(Receipt.self, $0) }
    recordedBy = try (row["recorded_by"] as String?).map { try WireJSON.value(Set<String>.self, $0) } ?? []
    resends = row["resends"]
    updatedAt = Date(milliseconds: row["updated_at"])
    invoice = try WireJSON.value(Invoice.self, row["content"])
    testTo = row["test_to"]
  }

  /// Whom the mail goes to, never Bcc.
  private var recipients: [String] { testTo.map { [$0] } ?? invoice.to.map(\.address) }

  static func fetchOne(_ db: Database, where condition: String, _ arguments: StatementArguments) throws -> Self? {
    try Row.fetchOne(db, sql: "\(selection) WHERE \(condition)", arguments: arguments).map(Self.init)
  }

  static func fetchAll(_ db: Database, where condition: String, _ arguments: StatementArguments) throws -> [Self] {
    try Row.fetchAll(db, sql: "\(selection) WHERE \(condition)", arguments: arguments).map(Self.init)
  }

  var line: DeliveryLine {
    DeliveryLine(
      position: position, number: number, cct: invoice.cct, file: invoice.file.name,
      recipients: Array(recipients.prefix(2)), state: state, code: code, detail: detail,
      inferred: receipt.map(\.inferred))
  }

  var delivery: Delivery {
    Delivery(
      id: id, job: job, position: position, number: number, cct: invoice.cct, period: invoice.period,
      file: invoice.file.name, recipients: recipients, state: state, attempt: attempt, code: code,
      detail: detail, receipt: receipt, updatedAt: updatedAt)
  }
}

extension Job {
  /// With its own holds and, while it is unfinished, those of its pipeline's sender.
  static func fetchOne(_ db: Database, _ id: Int64) throws -> Job? {
    try Row.fetchOne(db, sql: "SELECT * FROM job WHERE id = ?", arguments: [id]).map { try Job($0, db) }
  }

  init(_ row: Row, _ db: Database) throws {
    let state: JobState = try row.state("state")
    var counts = Counts()
    counts.total = row["total"]
    counts.sent = row["sent"]
    counts.failed = row["failed"]
    counts.skipped = row["skipped"]
    counts.unknown = row["unknown"]
    counts.cancelled = row["cancelled"]
    counts.left = row["open"]
    counts.already = row["already"]
    counts.inOtherJobs = row["in_other_jobs"]
    counts.toCheck = row["to_check"]
    counts.held = row["held"]
    counts.markedSent = row["marked_sent"]
    let (id, pipeline): (Int64, String) = (row["id"], row["pipeline"])
    self.init(
      id: id, pipeline: pipeline, occasion: row["occasion"],
      filter: try WireJSON.value(Filter.self, row["filter"]), testTo: row["test_to"], state: state,
      holds: state.isFinished ? [] : try Hold.fetchAll(db, job: id, pipeline: pipeline),
      wait: state == .running ? try Wait.fetchOne(db, pipeline: pipeline) : nil, counts: counts,
      looking: counts.unknown > 0 ? try Self.countLooking(db, id) : 0,
      others: counts.inOtherJobs + counts.toCheck == 0 ? nil : try OtherJob.fetchAll(db, of: id),
      startedBy: Person(uid: row["started_uid"], name: row["started_name"]),
      startedAt: Date(milliseconds: row["started_at"]),
      finishedAt: (row["finished_at"] as Int64?).map(Date.init(milliseconds:)))
  }

  private static func countLooking(_ db: Database, _ id: Int64) throws -> Int {
    try Int.fetchOne(
      db, sql: "SELECT count(*) FROM delivery WHERE job = ? AND state = 'unknown' AND ask = 0 AND blocked = 0",
      arguments: [id]) ?? 0
  }
}

extension OtherJob {
  /// As they stand now.
  static func fetchAll(_ db: Database, of job: Int64) throws -> [OtherJob] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT j.id, j.state, o.invoices FROM other_job o JOIN job j ON j.id = o.other WHERE o.job = ?
        ORDER BY o.invoices DESC, j.id
        """,
      arguments: [job]
    ).map { OtherJob(job: $0["id"], state: try $0.state("state"), invoices: $0["invoices"]) }
  }
}

extension Hold {
  static func fetchAll(_ db: Database, job: Int64?, pipeline: String) throws -> [Hold] {
    try Row.fetchAll(
      db, sql: "SELECT * FROM hold WHERE job = ? OR pipeline = ? ORDER BY id", arguments: [job, pipeline]
    ).map { row in
      Hold(
        kind: try row.state("kind"), code: (row["code"] as String?).flatMap(ErrorCode.init(rawValue:)),
        detail: row["detail"], since: Date(milliseconds: row["since"]),
        until: (row["until"] as Int64?).map(Date.init(milliseconds:)))
    }
  }
}

extension Wait {
  static func fetchOne(_ db: Database, pipeline: String) throws -> Wait? {
    try Row.fetchOne(db, sql: "SELECT * FROM wait WHERE pipeline = ?", arguments: [pipeline]).map { row in
      Wait(
        code: try row.state("code"), detail: row["detail"], since: Date(milliseconds: row["since"]),
        until: (row["until"] as Int64?).map(Date.init(milliseconds:)))
    }
  }
}

extension Row {
  /// A closed list's value; a text that is not in it says that the database is damaged.
  func state<T: RawRepresentable>(_ column: String) throws -> T where T.RawValue == String {
    let text: String = self[column]
    guard let value = T(rawValue: text) else { throw StoreError.failed("\(column) holds “\(text)”") }
    return value
  }
}
