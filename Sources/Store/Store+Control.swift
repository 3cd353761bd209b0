import Foundation
import GRDB
import Model

/// What people do to jobs and deliveries. Each is one guarded transaction with its events; one that the state does not
/// permit throws `.illegalState` and changes nothing.
extension Store {
  package func pause(_ id: Int64, by person: Person) async throws(StoreError) -> Job {
    try await change { transaction in
      let job = try transaction.job(id)
      guard job.state == .running || job.state == .paused, try !transaction.isCancelling(id) else {
        throw StoreError.illegalState(job.state.rawValue)
      }
      try transaction.hold(job: id, pipeline: nil, .human, nil, "")
      try transaction.note("pause", by: person, job: id)
      return try transaction.job(id)
    }
  }

  /// Removes what only a person ends: their pause, a restored store's hold, and the trouble of the sender, which is
  /// tried again.
  package func resume(_ id: Int64, by person: Person) async throws(StoreError) -> Job {
    try await change { transaction in
      let job = try transaction.job(id)
      // One that waits for an unknown delivery may be held as well, and would be paused when that is to be sent again.
      guard job.state == .paused || job.holds.contains(where: \.kind.needsPerson) else {
        throw StoreError.illegalState(job.state.rawValue)
      }
      for kind in [Hold.Kind.human, .restored] { try transaction.release(job: id, pipeline: nil, kind) }
      for kind in [Hold.Kind.sender, .restored] { try transaction.release(job: nil, pipeline: job.pipeline, kind) }
      try transaction.note("resume", by: person, job: id)
      return try transaction.job(id)
    }
  }

  /// What is being sent is finished; unknown deliveries stay unknown, and keep their claims.
  ///
  /// - Returns: the job, and the tokens of prepared deliveries, which are to be discarded.
  package func cancel(_ id: Int64, by person: Person) async throws(StoreError) -> (job: Job, tokens: [SendToken]) {
    try await change { transaction in
      let job = try transaction.job(id)
      guard !job.state.isFinished else { throw StoreError.illegalState(job.state.rawValue) }
      try transaction.db.execute(sql: "UPDATE job SET cancelling = 1 WHERE id = ?", arguments: [id])
      let tokens = try transaction.cancelUnbegun(job: id)
      try transaction.note("cancel", by: person, job: id)
      try transaction.refresh(job: id)
      return (try transaction.job(id), tokens)
    }
  }

  /// Makes failed deliveries pending again, with the invoices as they stand now.
  ///
  /// - Parameters:
  ///   - permanent: also those that were rejected, and whose invoice is still the same.
  ///   - delivery: only the one at this position, if it still is at this attempt.
  /// - Returns: the job, and how many deliveries are tried again.
  package func retry(
    _ id: Int64, permanent: Bool, delivery: (position: Int, attempt: Int?)?, by person: Person
  ) async throws(StoreError) -> (job: Job, retried: Int) {
    try await change { transaction in
      let job = try transaction.job(id)
      guard job.state != .cancelled, try !transaction.isCancelling(id) else {
        throw StoreError.illegalState(job.state.rawValue)
      }
      var rows: [DeliveryRow]
      if let delivery {
        let row = try transaction.delivery(job: id, position: delivery.position)
        if let attempt = delivery.attempt, attempt != row.attempt { throw StoreError.attemptChanged(row.attempt) }
        guard row.state == .failed else { throw StoreError.illegalState(row.state.rawValue) }
        rows = [row]
      } else {
        rows = try DeliveryRow.fetchAll(
          transaction.db, where: "d.job = ? AND d.state = 'failed' ORDER BY d.position", [id])
        if !permanent {
          rows = try rows.filter { try !($0.code?.isPermanent ?? false) || transaction.hasNewerRevision($0) }
        }
      }
      var retried = 0
      for row in rows where try transaction.mayClaim(row) {
        try transaction.move(
          row, to: .pending,
          ["code": nil, "detail": nil, "tries": 0, "token": nil, "unknown": 0, "ask": 0, "not_before": nil])
        try transaction.db.execute(
          sql: "UPDATE delivery SET revision = (SELECT revision FROM invoice WHERE number = ?) WHERE id = ?",
          arguments: [row.number, row.id])
        retried += 1
      }
      if retried > 0 {
        try transaction.note("retry", by: person, job: id, position: delivery?.position, detail: "\(retried)")
      }
      try transaction.refresh(job: id)
      return (try transaction.job(id), retried)
    }
  }

  /// Before a person's "not sent": from now on only a person decides about this delivery, if it still is at the attempt
  /// that they saw. What is taken back afterwards must not look as if it had been sent, also after a crash.
  ///
  /// - Returns: the token that is to be discarded before `resolve`.
  package func beginResolving(
    job: Int64, position: Int, attempt: Int
  ) async throws(StoreError) -> (token: SendToken?, pipeline: String) {
    try await change { transaction in
      let row = try transaction.unknownDelivery(job: job, position: position, attempt: attempt)
      if !row.ask {
        try transaction.update(row, [("ask", true)])
        try transaction.report(row.id)
      }
      return (row.token.map(SendToken.init), row.pipeline)
    }
  }

  /// A person's decision about an unknown delivery. Not sent: it is pending again, or cancelled with its job.
  package func resolve(
    job: Int64, position: Int, attempt: Int, sent: Receipt?, by person: Person
  ) async throws(StoreError) -> Delivery {
    try await change { transaction in
      let row = try transaction.unknownDelivery(job: job, position: position, attempt: attempt)
      if let sent {
        try transaction.move(
          row, to: .sent, ["receipt": try WireJSON.text(sent), "code": nil, "detail": nil, "ask": 0])
      } else {
        try transaction.move(
          row, to: try transaction.isCancelling(job) ? .cancelled : .pending,
          ["token": nil, "code": nil, "detail": nil, "ask": 0, "unknown": 0, "not_before": nil])
      }
      try transaction.note(sent == nil ? "resolve not-sent" : "resolve sent", by: person, job: job, position: position)
      if sent == nil { try transaction.refresh(job: job) } else { try transaction.report(row.id) }
      return try transaction.delivery(row.id).delivery
    }
  }

  /// Keeps an invoice from being sent; its pending deliveries are skipped.
  package func hold(invoice number: String, reason: String, by person: Person) async throws(StoreError) {
    try await change { transaction in
      try transaction.db.execute(sql: "UPDATE invoice SET held = ? WHERE number = ?", arguments: [reason, number])
      guard transaction.db.changesCount > 0 else { throw StoreError.noSuchInvoice(number) }
      try transaction.note("hold", by: person, number: number, detail: reason)
      let pending = try DeliveryRow.fetchAll(transaction.db, where: "d.number = ? AND d.state = 'pending'", [number])
      for row in pending {
        try transaction.move(row, to: .skipped, ["code": ErrorCode.heldInvoice.rawValue, "detail": reason])
        try transaction.report(row.id)
      }
    }
  }

  package func release(invoice number: String, by person: Person) async throws(StoreError) {
    try await change { transaction in
      let held = try Row.fetchOne(
        transaction.db, sql: "SELECT held FROM invoice WHERE number = ?", arguments: [number])
      guard let held else { throw StoreError.noSuchInvoice(number) }
      guard held["held"] as String? != nil else { throw StoreError.illegalState("not held") }
      try transaction.db.execute(sql: "UPDATE invoice SET held = NULL WHERE number = ?", arguments: [number])
      try transaction.note("release", by: person, number: number)
    }
  }
}

extension StoreTransaction {
  func isCancelling(_ job: Int64) throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT cancelling FROM job WHERE id = ?", arguments: [job]) ?? false
  }

  /// Cancels what was not begun; the tokens of prepared deliveries come back to be discarded.
  func cancelUnbegun(job id: Int64) throws -> [SendToken] {
    let prepared = try DeliveryRow.fetchAll(db, where: "d.job = ? AND d.state = 'prepared'", [id])
    let resent = try Int64.fetchAll(
      db,
      sql: "SELECT resends FROM delivery WHERE job = ? AND state IN ('pending', 'prepared') AND resends IS NOT NULL",
      arguments: [id])
    try db.execute(
      sql: """
        UPDATE delivery SET state = 'cancelled', token = NULL, updated_at = ?
        WHERE job = ? AND state IN ('pending', 'prepared')
        """,
      arguments: [now.milliseconds, id])
    let count = db.changesCount
    for id in resent { try setClaim(of: id, true) }
    try db.execute(
      sql: "UPDATE job SET open = open - ?1, cancelled = cancelled + ?1 WHERE id = ?2", arguments: [count, id])
    return prepared.compactMap { $0.token.map(SendToken.init) }
  }

  func unknownDelivery(job: Int64, position: Int, attempt: Int) throws -> DeliveryRow {
    _ = try self.job(job)
    let row = try delivery(job: job, position: position)
    guard row.attempt == attempt else { throw StoreError.attemptChanged(row.attempt) }
    guard row.state == .unknown else { throw StoreError.illegalState(row.state.rawValue) }
    return row
  }

  func hasNewerRevision(_ row: DeliveryRow) throws -> Bool {
    try Int64.fetchOne(db, sql: "SELECT revision FROM invoice WHERE number = ?", arguments: [row.number])
      != row.revision
  }

  /// Whether a delivery could have, or has, the claim of its invoice. The one that it sends again is not in its way.
  func mayClaim(_ row: DeliveryRow) throws -> Bool {
    guard row.exclusive else { return true }
    return try Int.fetchOne(
      db,
      sql: """
        SELECT count(*) FROM delivery WHERE series = ? AND occasion = ? AND number = ? AND exclusive AND id <> ?
          AND id IS NOT ? AND state IN ('pending', 'prepared', 'sending', 'unknown', 'sent', 'recorded')
        """,
      arguments: [row.series, row.occasion, row.number, row.id, row.resends]) == 0
  }
}

extension ErrorCode {
  /// Whether nothing but a change of the invoice, its files or the templates can help.
  package var isPermanent: Bool {
    switch self {
    case .messageTooLarge, .invalidRecipient, .tooManyRecipients, .invalidHeader, .recipientRefused, .messageRefused:
      true
    default:
      false
    }
  }
}
