import Foundation
import GRDB
import Model

/// What the record stages have, and what they are still to get.
extension Store {
  /// Sent deliveries whose receipt is to be recorded now, and when the next one may be offered that may not yet; nil: none
  /// waits for a time.
  ///
  /// - Parameter inFlight: ids that are being recorded.
  package func unrecorded(
    pipeline: String, inFlight: Set<Int64>, limit: Int
  ) async throws(StoreError) -> (due: [DueDelivery], next: Date?) {
    let (identity, now) = (identity, time.now().milliseconds)
    return try await read { db in
      let due = try DeliveryRow.fetchAll(
        db,
        where: """
          d.pipeline = ? AND d.state = 'sent' AND (d.not_before IS NULL OR d.not_before <= ?) ORDER BY d.id LIMIT ?
          """,
        [pipeline, now, limit + inFlight.count]
      ).filter { !inFlight.contains($0.id) }.prefix(limit).map { try Self.dueDelivery($0, identity, db) }
      let next = try Int64.fetchOne(
        db,
        sql: """
          SELECT not_before FROM delivery WHERE pipeline = ? AND state = 'sent' AND not_before > ?
            ORDER BY not_before LIMIT 1
          """,
        arguments: [pipeline, now])
      return (due, next.map(Date.init(milliseconds:)))
    }
  }

  /// Every record stage has the receipt.
  package func markRecorded(_ id: Int64) async throws(StoreError) {
    try await change { try $0.markRecorded(id) }
  }

  /// Some record stage did not take the receipt; it is offered again to those that do not have it.
  ///
  /// - Parameter recordedBy: names of the stages that have it.
  package func postponeRecord(
    _ id: Int64, recordedBy: Set<String>, _ detail: String, until: Date
  ) async throws(StoreError) {
    try await change { transaction in
      let row = try transaction.delivery(id)
      guard row.state == .sent else { return }
      try transaction.update(
        row,
        [
          ("code", ErrorCode.recordFailed.rawValue), ("detail", detail), ("not_before", until.milliseconds),
          ("tries", row.tries + 1), ("recorded_by", try WireJSON.text(recordedBy.sorted())),
        ])
      try transaction.refresh(job: row.job)
    }
  }
}

extension StoreTransaction {
  func markRecorded(_ id: Int64) throws {
    let row = try delivery(id)
    guard row.state == .sent else { return }
    try move(row, to: .recorded, ["code": nil, "detail": nil, "not_before": nil, "recorded_by": nil])
    try refresh(job: row.job)
  }
}
