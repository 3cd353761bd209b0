import Foundation
import GRDB
import Model

/// What the runner reads and writes, step by step.
extension Store {
  private static let day: TimeInterval = 24 * 3600

  /// Deliveries of a pipeline that can be done now, those of a low position first, whatever job they are of: a small
  /// job does not wait for a large one.
  ///
  /// - Parameter inFlight: ids that the runner has in hand.
  package func dueDeliveries(pipeline: String, inFlight: Set<Int64>, limit: Int) async throws(StoreError)
    -> [DueDelivery]
  {
    let (identity, now) = (identity, time.now().milliseconds)
    return try await read { db in
      let ids = try Self.openDeliveries(pipeline, now, limit: limit + inFlight.count, db)
      return try ids.lazy.filter { !inFlight.contains($0) }.prefix(limit).compactMap { id in
        try DeliveryRow.fetchOne(db, where: "d.id = ?", [id]).map { try Self.dueDelivery($0, identity, db) }
      }
    }
  }

  /// Of each running job the first ones: those of paused jobs, which may be many, are not looked at.
  private static func openDeliveries(_ pipeline: String, _ now: Int64, limit: Int, _ db: Database) throws -> [Int64] {
    let running = try Int64.fetchAll(
      db,
      sql: """
        SELECT id FROM job WHERE pipeline = ? AND state NOT IN ('completed', 'cancelled') AND state = 'running'
          AND NOT cancelling
        """,
      arguments: [pipeline])
    let open = try running.flatMap { job in
      try Row.fetchAll(db, sql: openDeliveriesOfJob, arguments: [job, now, limit]).map {
        (position: $0["position"] as Int, id: $0["id"] as Int64)
      }
    }
    return open.sorted { ($0.position, $0.id) < ($1.position, $1.id) }.prefix(limit).map(\.id)
  }

  static let openDeliveriesOfJob = """
    SELECT position, id FROM delivery WHERE job = ? AND state IN ('pending', 'prepared')
      AND (not_before IS NULL OR not_before <= ?) ORDER BY position LIMIT ?
    """

  /// When the next delivery of a pipeline may be done that may not yet, or a hold or a wait of its sender ends by itself;
  /// nil: nothing waits for a time.
  package func nextTime(pipeline: String) async throws(StoreError) -> Date? {
    let now = time.now().milliseconds
    return try await read { db in
      let delivery = try Int64.fetchOne(
        db,
        sql: """
          SELECT not_before FROM delivery WHERE pipeline = ? AND not_before > ?
            AND state IN ('pending', 'prepared') ORDER BY not_before LIMIT 1
          """,
        arguments: [pipeline, now])
      let hold = try Int64.fetchOne(
        db, sql: "SELECT min(until) FROM hold WHERE pipeline = ? AND until > ?", arguments: [pipeline, now])
      let wait = try Int64.fetchOne(
        db, sql: "SELECT until FROM wait WHERE pipeline = ? AND until > ?", arguments: [pipeline, now])
      return [delivery, hold, wait].compactMap { $0 }.min().map(Date.init(milliseconds:))
    }
  }

  /// Unknown deliveries that the sender may find out about: those that wait for a person are left out.
  ///
  /// - Parameter except: ids that are not to be looked at now.
  package func unknowns(pipeline: String, except: Set<Int64>, limit: Int) async throws(StoreError) -> [DueDelivery] {
    let identity = identity
    return try await read { db in
      let ids = try Int64.fetchAll(
        db, sql: "SELECT id FROM delivery WHERE pipeline = ? AND state = 'unknown' AND ask = 0 ORDER BY id LIMIT ?",
        arguments: [pipeline, limit + except.count])
      return try ids.filter { !except.contains($0) }.prefix(limit).compactMap { id in
        try DeliveryRow.fetchOne(db, where: "d.id = ?", [id]).map { try Self.dueDelivery($0, identity, db) }
      }
    }
  }

  static func dueDelivery(_ row: DeliveryRow, _ identity: String, _ db: Database) throws -> DueDelivery {
    DueDelivery(
      id: row.id, job: row.job, position: row.position, pipeline: row.pipeline, occasion: row.occasion,
      state: row.state, revision: row.revision, invoice: row.invoice, testTo: row.testTo,
      token: row.token.map(SendToken.init), messageSHA256: row.messageSHA256,
      key: DeliveryKey(
        store: identity, delivery: row.id, preparation: row.token == nil ? row.preparation + 1 : row.preparation),
      unknown: row.unknown, attempt: row.attempt, tries: row.tries, receipt: row.receipt, recordedBy: row.recordedBy,
      sendingSince: row.sendingSince ?? row.sendingAt.map { Moment(wall: $0, uptime: .zero, boot: nil) },
      blocked: row.blocked)
  }

  /// The commit before the irreversible step: state, token, attempt and the day's count. Looks at the claim, the job
  /// and the invoice once more. May be repeated when it threw: it is made once.
  ///
  /// - Parameter messageSHA256: digest of what was prepared, for whoever needs the same message again.
  /// - Parameter delivers: whether the sender is a real one. A job that began with one of the other kind is held: as a
  ///   rehearsal it has no claims, and what it sent would go out again; as a real one its claims would stand for nothing.
  package func beginSending(
    _ delivery: DueDelivery, token: SendToken, messageSHA256: String? = nil, delivers: Bool, messagesPerDay: Int?
  ) async throws(StoreError) -> SendingDecision {
    let moment = time.moment
    return try await change { transaction in
      let db = transaction.db
      let row = try transaction.delivery(delivery.id)
      let job = try transaction.job(row.job)
      if row.state == .sending, row.attempt == delivery.attempt + 1, row.token == token.text {
        // This very commit was thought to have failed, and stands. Written anew: this time its sync is waited for, and
        // the mark's.
        try transaction.update(row, [("token", token.text)])
        try transaction.raiseGeneration()
        return .go
      }
      guard row.state == delivery.state, row.attempt == delivery.attempt, try !transaction.isCancelling(row.job)
      else { return .notNow }
      guard job.state == .running else {
        return job.state == .paused && job.holds.allSatisfy { $0.kind == .store } ? .storeHeld : .notNow
      }
      if try !transaction.suitsJob(row.job, delivers: delivers) {
        try transaction.hold(job: row.job, pipeline: nil, .restored, .senderChanged, "")
        return .notNow
      }
      if let code = try transaction.whyNotDue(row) {
        try transaction.move(row, to: .skipped, ["code": code.rawValue, "token": nil])
        try transaction.report(row.id)
        return .skipped
      }
      try transaction.forgetSendings(of: row.pipeline, before: transaction.now.addingTimeInterval(-Self.day))
      try transaction.dateSendings(of: row.pipeline)
      if let messagesPerDay, let oldest = try transaction.sending(of: row.pipeline, newest: messagesPerDay) {
        return .dailyLimit(until: oldest.addingTimeInterval(Self.day))
      }
      try db.execute(
        sql: "INSERT INTO sending (pipeline, at) VALUES (?, ?)",
        arguments: [row.pipeline, transaction.now.milliseconds])
      // An earlier attempt that ended unknown is the one that may have sent it: its age is what counts.
      let since = row.unknown > 0 ? row.sendingSince ?? moment : moment
      try transaction.move(
        row, to: .sending,
        [
          "token": token.text, "message_sha256": messageSHA256, "preparation": delivery.key.preparation,
          "attempt": row.attempt + 1,
          "sending_at": transaction.now.milliseconds, "sending_since": try WireJSON.text(since), "not_before": nil,
          "code": nil, "detail": nil,
        ])
      try transaction.raiseGeneration()
      return .go
    }
  }

  /// The commit after it. May be repeated when it threw: it is made once.
  ///
  /// - Parameter isRecorded: whether nobody is to be told of a receipt: sent and recorded are one commit then.
  /// - Returns: the token when it is to be discarded, because the delivery failed or was cancelled meanwhile.
  package func finishSending(
    _ delivery: DueDelivery, _ result: SendingResult, isRecorded: Bool = false
  ) async throws(StoreError) -> SendToken? {
    try await change { transaction in
      let (id, row) = (delivery.id, try transaction.delivery(delivery.id))
      if row.state != .sending, row.attempt == delivery.attempt + 1 { return nil }
      switch result {
      case .sent(let receipt):
        try transaction.move(row, to: .sent, ["receipt": try WireJSON.text(receipt), "code": nil, "detail": nil])
        let took = row.sendingAt.map { (max(0, transaction.now.timeIntervalSince($0)) * 1000).rounded() / 1000 }
        try transaction.report(id, took: took)
        if isRecorded { try transaction.markRecorded(id) }
      case .failed(let code, let detail):
        try transaction.move(row, to: .failed, ["code": code.rawValue, "detail": detail, "token": nil])
        try transaction.report(id)
        return row.token.map(SendToken.init)
      case .unknown(let code, let detail, let ask):
        try transaction.move(
          row, to: .unknown,
          ["code": code.rawValue, "detail": detail, "ask": ask, "unknown": row.unknown + 1])
        try transaction.report(id)
      case .missing(let code, let detail):
        try transaction.move(
          row, to: .unknown, ["code": code.rawValue, "detail": detail, "ask": false, "tries": row.tries + 1])
        try transaction.report(id)
      case .again(let code, let detail, let at, let counts):
        return try transaction.returnToPrepared(row, code, detail, at: at, tries: row.tries + (counts ? 1 : 0))
      case .held(let kind, let code, let detail, let until):
        try transaction.hold(job: nil, pipeline: row.pipeline, kind, code, detail, until: until)
        return try transaction.returnToPrepared(row, code, detail, at: nil, tries: row.tries)
      }
      return nil
    }
  }

  /// A failure before the irreversible step; the delivery stays to be done, or fails.
  package func postpone(
    _ id: Int64, _ code: ErrorCode, _ detail: String, until: Date, counts: Bool
  ) async throws(StoreError) {
    try await change { transaction in
      let row = try transaction.delivery(id)
      guard row.state == .pending || row.state == .prepared else { return }
      try transaction.update(
        row,
        [
          ("code", code.rawValue), ("detail", detail), ("not_before", until.milliseconds),
          ("tries", row.tries + (counts ? 1 : 0)),
        ])
    }
  }

  /// Fails a delivery that was not sent. Nothing happens when it was cancelled or skipped meanwhile.
  package func fail(_ id: Int64, _ code: ErrorCode, _ detail: String) async throws(StoreError) {
    try await change { transaction in
      let row = try transaction.delivery(id)
      guard row.state == .pending || row.state == .prepared else { return }
      try transaction.move(row, to: .failed, ["code": code.rawValue, "detail": detail, "token": nil])
      try transaction.report(id)
    }
  }

  /// What a look at an unknown delivery showed. Nothing happens when the delivery has gone on since it was looked at,
  /// or a person is deciding.
  ///
  /// - Returns: the token when it is to be discarded, because the job was cancelled.
  package func settle(_ delivery: DueDelivery, _ result: ReconcileResult) async throws(StoreError) -> SendToken? {
    // Nothing to write, unless the cause that kept the last look from finding anything is gone.
    if case .unknown = result, !delivery.blocked { return nil }
    return try await change { transaction in
      let row = try transaction.delivery(delivery.id)
      guard row.state == .unknown, row.attempt == delivery.attempt, !row.ask else { return nil }
      switch result {
      case .unknown:
        guard row.blocked else { break }
        try transaction.update(row, [("blocked", false), ("code", ErrorCode.answerLost.rawValue), ("detail", nil)])
        try transaction.report(row.id)
      case .sent(let receipt):
        try transaction.move(row, to: .sent, ["receipt": try WireJSON.text(receipt), "code": nil, "detail": nil])
        try transaction.report(row.id)
      case .blocked(let code, let detail, _):
        // Once: it is looked at again and again.
        guard !row.blocked || row.code != code || row.detail != detail else { break }
        try transaction.update(row, [("blocked", true), ("code", code.rawValue), ("detail", detail)])
        try transaction.report(row.id)
      case .ask(let code, let detail):
        try transaction.update(row, [("ask", true), ("code", code.rawValue), ("detail", detail)])
        try transaction.report(row.id)
      case .notSent:
        if try transaction.isCancelling(row.job) {
          try transaction.move(row, to: .cancelled, ["code": nil, "detail": nil, "token": nil])
          try transaction.report(row.id)
          return row.token.map(SendToken.init)
        }
        try transaction.move(row, to: .prepared, ["code": nil, "detail": nil, "not_before": nil])
        try transaction.refresh(job: row.job)
      }
      return nil
    }
  }
}

extension StoreTransaction {
  /// Whether a sender is of the kind that the job began with. A test goes to its own address through either.
  func suitsJob(_ id: Int64, delivers: Bool) throws -> Bool {
    try Bool.fetchOne(
      db, sql: "SELECT test_to IS NOT NULL OR exclusive = ? FROM job WHERE id = ?", arguments: [delivers, id]) ?? false
  }

  /// Why a delivery may no longer be sent, if something has come between.
  func whyNotDue(_ row: DeliveryRow) throws -> ErrorCode? {
    guard try mayClaim(row) else { return .claimed }
    let invoice = try Row.fetchOne(
      db, sql: "SELECT held IS NOT NULL AS held, sent_at IS NOT NULL AS marked FROM invoice WHERE number = ?",
      arguments: [row.number])
    guard let invoice else { return nil }
    if invoice["held"] { return .heldInvoice }
    return invoice["marked"] ? .markedSent : nil
  }

  /// Back to be done again with the same token, unless its job is being cancelled: then the token comes back to be
  /// discarded.
  func returnToPrepared(
    _ row: DeliveryRow, _ code: ErrorCode?, _ detail: String?, at: Date?, tries: Int
  ) throws -> SendToken? {
    try move(
      row, to: .prepared,
      ["code": code?.rawValue, "detail": detail, "not_before": at?.milliseconds, "tries": tries])
    guard try isCancelling(row.job) else { return nil }
    try move(try delivery(row.id), to: .cancelled, ["token": nil])
    try refresh(job: row.job)
    return row.token.map(SendToken.init)
  }

  /// Drops what no longer counts for a day.
  func forgetSendings(of pipeline: String, before time: Date) throws {
    try db.execute(sql: "DELETE FROM sending WHERE pipeline = ? AND at <= ?", arguments: [pipeline, time.milliseconds])
  }

  /// What a clock that ran ahead dated into the future counts as of now: it would fill the day until the clock is there.
  func dateSendings(of pipeline: String) throws {
    try db.execute(
      sql: "UPDATE sending SET at = ?1 WHERE pipeline = ?2 AND at > ?1", arguments: [now.milliseconds, pipeline])
  }

  /// When the n-th newest of the sendings was; nil: there were fewer.
  func sending(of pipeline: String, newest n: Int) throws -> Date? {
    try Int64.fetchOne(
      db, sql: "SELECT at FROM sending WHERE pipeline = ? ORDER BY at DESC LIMIT 1 OFFSET ?",
      arguments: [pipeline, max(0, n - 1)]
    ).map(Date.init(milliseconds:))
  }
}
