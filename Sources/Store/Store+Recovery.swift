import Foundation
import GRDB
import Model

/// What a start of the daemon, and a reload, do to what was left.
extension Store {
  /// After the start: what the last daemon was sending is unknown now; test jobs are not resumed; the sender's troubles
  /// are tried again; jobs that lay still for too long wait for a person.
  ///
  /// - Parameter resumeWithin: how long a job may have lain still and go on by itself; nil: however long.
  /// - Returns: what is to be discarded.
  package func recover(resumeWithin: Duration? = nil) async throws(StoreError) -> [PendingDiscard] {
    try await change { transaction in
      let db = transaction.db
      try transaction.settleClock(resumeWithin)
      // First: what follows moves them.
      if let resumeWithin {
        try transaction.holdJobs(stillSince: transaction.now.addingTimeInterval(-resumeWithin.seconds))
      }
      for row in try DeliveryRow.fetchAll(db, where: "d.state = 'sending' ORDER BY d.id", []) {
        try transaction.move(
          row, to: .unknown,
          ["code": ErrorCode.daemonDied.rawValue, "detail": nil, "unknown": row.unknown + 1, "ask": false])
        try transaction.report(row.id)
      }
      var left: [PendingDiscard] = []
      let tests = try Row.fetchAll(
        db,
        sql: "SELECT id, pipeline FROM job WHERE test_to IS NOT NULL AND state NOT IN ('completed', 'cancelled')")
      for row in tests {
        try db.execute(sql: "UPDATE job SET cancelling = 1 WHERE id = ?", arguments: [row["id"] as Int64])
        left += try transaction.cancelUnbegun(job: row["id"]).map {
          PendingDiscard(pipeline: row["pipeline"], token: $0)
        }
        try transaction.refresh(job: row["id"])
      }
      try transaction.releaseSenders()
      return left
    }
  }

  /// An attempt that was given up before it was known whether its `sending` stands, and of which nothing was sent: where it
  /// stands, the delivery is to be done again with the same token. Nothing happens where it does not, or no longer.
  ///
  /// - Returns: the token when it is to be discarded, because the job is being cancelled.
  package func takeBack(_ delivery: DueDelivery, _ token: SendToken) async throws(StoreError) -> SendToken? {
    try await change { transaction in
      let row = try transaction.delivery(delivery.id)
      guard row.state == .sending, row.attempt == delivery.attempt + 1, row.token == token.text else { return nil }
      return try transaction.returnToPrepared(row, nil, nil, at: nil, tries: row.tries)
    }
  }

  /// After the clock was set back: ends the holds and waits of which only the wrong clock was the cause.
  ///
  /// - Parameter resumeWithin: as in `recover`.
  package func settleClock(resumeWithin: Duration?) async throws(StoreError) {
    try await change { try $0.settleClock(resumeWithin) }
  }

  /// Ends what holds senders by itself, because the configuration or a credential may be another one now: whatever is
  /// still wrong holds them again.
  package func releaseSenders() async throws(StoreError) { try await change { try $0.releaseSenders() } }
}

extension StoreTransaction {
  fileprivate func releaseSenders() throws {
    try endWaits()
    for pipeline in try String.fetchAll(db, sql: "SELECT DISTINCT pipeline FROM hold WHERE pipeline IS NOT NULL") {
      // The daily limit too: the configuration may name another one now, and its own count is asked again in any case.
      for kind in [Hold.Kind.daily, .sender, .store] { try release(job: nil, pipeline: pipeline, kind) }
    }
  }

  /// Holds the unfinished jobs that nothing and nobody has moved since a time, unless a person has to end a hold of theirs
  /// anyway. What the daily limit held has not lain still: that is counted from the hold's end.
  func holdJobs(stillSince limit: Date) throws {
    let still = try Row.fetchAll(
      db,
      sql: """
        SELECT id, last FROM (
          SELECT j.id, max(
            j.started_at,
            coalesce((SELECT max(updated_at) FROM delivery d WHERE d.job = j.id), 0),
            coalesce((SELECT max(at) FROM action a WHERE a.job = j.id), 0),
            coalesce((SELECT max(until) FROM hold h WHERE h.pipeline = j.pipeline AND h.kind = 'daily'), 0)) AS last
          FROM job j
          WHERE j.state NOT IN ('completed', 'cancelled') AND NOT j.cancelling
            AND NOT EXISTS (SELECT 1 FROM hold h WHERE h.job = j.id AND h.kind IN ('human', 'restored')))
        WHERE last < ?
        """,
      arguments: [limit.milliseconds])
    for row in still {
      let last = Date(milliseconds: row["last"])
      try hold(job: row["id"], pipeline: nil, .restored, .layStill, WireJSON.text(of: last))
    }
  }
}
