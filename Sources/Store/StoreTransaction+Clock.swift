import Foundation
import GRDB
import Model

extension StoreTransaction {
  /// Steps by which a clock is corrected all the time, and which nobody has to look at.
  private static let tolerance: TimeInterval = 60
  /// The longest time that a daily limit holds a sender at once.
  private static let day: TimeInterval = 24 * 3600

  /// Undoes what a clock that ran ahead, perhaps by a month, left once it is right again: a daily limit that ends in a
  /// month, a job that seemed to have lain still for one, a delivery that is to be tried again in one. Nothing happens while
  /// nothing is dated into the future.
  ///
  /// It errs to the safe side. A sender whose daily hold is ended too early is asked once more, and holds itself again. A
  /// job is let go only when its last move, by the clock of now, is not in the future, and within `resumeWithin`: with a
  /// clock that is behind (a machine that starts in 1970) nothing is known, and a person goes on being asked.
  ///
  /// - Parameter resumeWithin: how long a job may have lain still and go on by itself; nil: however long.
  func settleClock(_ resumeWithin: Duration?) throws {
    let future = now.addingTimeInterval(Self.tolerance)
    let daily = try String.fetchAll(
      db, sql: "SELECT pipeline FROM hold WHERE kind = 'daily' AND pipeline IS NOT NULL AND (since > ? OR until > ?)",
      arguments: [future.milliseconds, future.addingTimeInterval(Self.day).milliseconds])
    for pipeline in daily { try release(job: nil, pipeline: pipeline, .daily) }

    let still = try Row.fetchAll(
      db, sql: "SELECT job, detail FROM hold WHERE job IS NOT NULL AND code = ? AND since > ?",
      arguments: [ErrorCode.layStill.rawValue, future.milliseconds])
    for row in still {
      guard let moved = WireJSON.date(of: row["detail"]), moved <= future else { continue }
      if let resumeWithin, now.timeIntervalSince(moved) > resumeWithin.seconds { continue }
      try release(job: row["job"], pipeline: nil, .restored)
    }

    try db.execute(
      sql: """
        UPDATE delivery SET not_before = NULL, updated_at = ?
        WHERE not_before > ? AND updated_at > ? AND state IN ('pending', 'prepared', 'sent')
        """,
      arguments: [now.milliseconds, now.milliseconds, future.milliseconds])
  }
}
