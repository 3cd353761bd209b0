import Foundation
import GRDB
import Model

/// One change in progress: moves deliveries and jobs through their states, keeps the counts true, and writes the
/// events. Everything that changes a state goes through here.
struct StoreTransaction {
  let db: Database
  let epoch: String
  let now: Date
  /// Those that were written.
  let events = Events()
  private let generation = Generation()

  final class Events {
    fileprivate(set) var entries: [Store.Entry] = []
  }

  private final class Generation {
    var isRaised = false
  }

  // MARK: The generation

  /// Whether the change must not be forgotten, and is answered only when the mark beside the database knows of it.
  var raisesGeneration: Bool { generation.isRaised }

  /// Makes a store that has forgotten this change show itself (`StoreMark`).
  func raiseGeneration() throws {
    guard !generation.isRaised else { return }
    try db.execute(sql: "UPDATE store SET generation = generation + 1")
    generation.isRaised = true
  }

  // MARK: Deliveries

  func delivery(_ id: Int64) throws -> DeliveryRow {
    guard let row = try DeliveryRow.fetchOne(db, where: "d.id = ?", [id]) else {
      throw StoreError.failed("delivery \(id) is not there")
    }
    return row
  }

  func delivery(job: Int64, position: Int) throws -> DeliveryRow {
    guard let row = try DeliveryRow.fetchOne(db, where: "d.job = ? AND d.position = ?", [job, position]) else {
      throw StoreError.noSuchDelivery(job: job, position: position)
    }
    return row
  }

  /// Moves a delivery, and counts it in its job. Throws `.illegalState` when the state machine has no such change.
  ///
  /// - Parameter set: further columns of the row.
  func move(
    _ row: DeliveryRow, to state: DeliveryState, _ set: KeyValuePairs<String, (any DatabaseValueConvertible)?> = [:]
  ) throws {
    guard row.state.mayBecome(state) else { throw StoreError.illegalState(row.state.rawValue) }
    // One claim at a time: what is sent again gives its own up before, and takes it back after.
    if let resent = row.resends, state.claims, !row.state.claims { try setClaim(of: resent, false) }
    try update(row, [("state", state.rawValue), ("blocked", false)] + set.map { ($0.key, $0.value) })
    if let resent = row.resends, row.state.claims, !state.claims { try setClaim(of: resent, true) }
    let (old, new) = (row.state.counter, state.counter)
    if old != new {
      try db.execute(
        sql: "UPDATE job SET \(old) = \(old) - 1, \(new) = \(new) + 1 WHERE id = ?", arguments: [row.job])
    }
  }

  /// Whether a sent delivery claims its invoice: not while another one sends it again.
  func setClaim(of id: Int64, _ claims: Bool) throws {
    try db.execute(sql: "UPDATE delivery SET exclusive = ? WHERE id = ?", arguments: [claims, id])
  }

  /// Changes columns other than the state.
  func update(_ row: DeliveryRow, _ set: [(String, (any DatabaseValueConvertible)?)]) throws {
    let columns = set.map { "\($0.0) = ?" }.joined(separator: ", ")
    try db.execute(
      sql: "UPDATE delivery SET \(columns), updated_at = ? WHERE id = ?",
      arguments: StatementArguments(set.map(\.1)) + [now.milliseconds, row.id])
  }

  /// Tells that a delivery reached an outcome, and then what that means for its job.
  func report(_ id: Int64, took: Double? = nil) throws {
    let row = try delivery(id)
    var line = row.line
    line.took = took
    try event(.progress, of: row.job, delivery: line)
    try refresh(job: row.job)
  }

  // MARK: Jobs

  func job(_ id: Int64) throws -> Job {
    guard let job = try Job.fetchOne(db, id) else { throw StoreError.noSuchJob(id) }
    return job
  }

  /// The job state machine, written once: the state follows from the deliveries and the holds. docs/states.md draws it.
  func refresh(job id: Int64) throws {
    let job = try job(id)
    let state = try state(of: job)
    guard state != job.state else { return }
    try db.execute(
      sql: "UPDATE job SET state = ?, finished_at = ? WHERE id = ?",
      arguments: [state.rawValue, state.isFinished ? now.milliseconds : nil, id])
    switch (job.state, state) {
    case (_, .completed), (_, .cancelled), (_, .waiting): try event(.complete, of: id)
    case (.completed, _), (.cancelled, _), (.waiting, _):
      // One that was found to be sent has only to be recorded: its job does not begin again.
      guard job.counts.left > 0 else { return }
      try event(.start, of: id)
      try tellWait(of: id)
      if state == .paused { try event(.paused, of: id, holds: try self.job(id).holds) }
    case (.running, _), (.paused, _):
      try event(.paused, of: id, holds: job.holds)
      try tellWait(of: id)
    }
  }

  private func state(of job: Job) throws -> JobState {
    let cancelling = try Bool.fetchOne(db, sql: "SELECT cancelling FROM job WHERE id = ?", arguments: [job.id]) ?? false
    if job.counts.left > 0 {
      return job.holds.isEmpty || cancelling ? .running : .paused
    }
    if cancelling { return .cancelled }
    if job.counts.unknown > 0 { return .waiting }
    // A receipt that is being recorded keeps the job running; one that could not be keeps it waiting.
    let unrecorded = try Row.fetchOne(
      db,
      sql: "SELECT count(*) AS n, count(code) AS failed FROM delivery WHERE job = ? AND state = 'sent'",
      arguments: [job.id])
    guard let unrecorded, unrecorded["n"] as Int > 0 else { return .completed }
    return unrecorded["failed"] as Int == unrecorded["n"] as Int ? .waiting : .running
  }

  // MARK: Holds

  /// Adds a hold of a job or of a pipeline's sender, or renews it. True when it was not there.
  ///
  /// - Parameter until: when it ends by itself; nil: by its cause alone.
  @discardableResult
  func hold(
    job: Int64?, pipeline: String?, _ kind: Hold.Kind, _ code: ErrorCode?, _ detail: String, until: Date? = nil
  ) throws -> Bool {
    let known = try Int64.fetchOne(
      db, sql: "SELECT id FROM hold WHERE job IS ? AND pipeline IS ? AND kind = ?",
      arguments: [job, pipeline, kind.rawValue])
    if let known {
      try db.execute(
        sql: "UPDATE hold SET code = ?, detail = ?, until = ? WHERE id = ?",
        arguments: [code?.rawValue, detail, until?.milliseconds, known])
      return false
    }
    try db.execute(
      sql: "INSERT INTO hold (job, pipeline, kind, code, detail, since, until) VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [job, pipeline, kind.rawValue, code?.rawValue, detail, now.milliseconds, until?.milliseconds])
    try holdsChanged(job: job, pipeline: pipeline)
    return true
  }

  /// Removes a hold. True when it was there.
  @discardableResult
  func release(job: Int64?, pipeline: String?, _ kind: Hold.Kind) throws -> Bool {
    try db.execute(
      sql: "DELETE FROM hold WHERE job IS ? AND pipeline IS ? AND kind = ?",
      arguments: [job, pipeline, kind.rawValue])
    guard db.changesCount > 0 else { return false }
    try holdsChanged(job: job, pipeline: pipeline)
    return true
  }

  private func holdsChanged(job: Int64?, pipeline: String?) throws {
    let jobs = try Int64.fetchAll(
      db,
      sql: "SELECT id FROM job WHERE (id = ?1 OR pipeline = ?2) AND state IN ('running', 'paused') ORDER BY id",
      arguments: [job, pipeline])
    for id in jobs {
      let before = try self.job(id)
      try refresh(job: id)
      // A second hold, or one of two gone, changes no state and is told all the same.
      if try self.job(id).state == before.state { try event(.paused, of: id, holds: before.holds) }
    }
  }

  // MARK: Events

  /// Writes an event with the job as it stands now.
  func event(_ kind: Event.Kind, of id: Int64, delivery: DeliveryLine? = nil, holds: [Hold]? = nil) throws {
    let job = try job(id)
    let last = try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'") ?? 0
    let event = Event(
      id: EventID(epoch: epoch, sequence: last + 1), kind: kind, job: id, at: now, state: job.state,
      counts: job.counts, elapsed: max(0, (now.timeIntervalSince(job.startedAt) * 1000).rounded() / 1000),
      pipeline: job.pipeline, delivery: delivery, holds: holds, wait: job.wait,
      looking: job.looking > 0 ? job.looking : nil, others: kind == .start || kind == .complete ? job.others : nil)
    let entry = Store.Entry(
      sequence: last + 1, job: id, json: try WireJSON.text(event), isEnd: kind == .complete)
    try db.execute(
      sql: "INSERT INTO event (seq, job, json) VALUES (?, ?, ?)", arguments: [entry.sequence, entry.job, entry.json])
    events.entries.append(entry)
  }

  /// Notes who did what. What a person has decided is not to be undone unnoticed either.
  func note(
    _ verb: String, by person: Person, job: Int64? = nil, position: Int? = nil, number: String? = nil,
    detail: String? = nil
  ) throws {
    try raiseGeneration()
    try db.execute(
      sql: "INSERT INTO action (at, uid, name, verb, job, position, number, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      arguments: [now.milliseconds, person.uid, person.name, verb, job, position, number, detail])
  }
}
