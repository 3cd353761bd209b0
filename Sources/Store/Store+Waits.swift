import Foundation
import GRDB
import Model

/// What senders wait for. One row and one event a wait, not one a delivery: the running jobs of a pipeline wait together.
extension Store {
  /// Ends of the same wait that differ by less are one: each answer of the other side names its own.
  static let sameEnd: TimeInterval = 5

  /// Notes that the sender of a pipeline waits, or waits for longer; nil: it goes on. What is known already changes
  /// nothing, and the words of the first answer stay.
  package func note(_ wait: Wait?, pipeline: String) async throws(StoreError) {
    let known = try await read { try Wait.fetchOne($0, pipeline: pipeline) }
    guard !Self.isSame(wait, known) else { return }
    try await change { transaction in
      guard !Self.isSame(wait, try Wait.fetchOne(transaction.db, pipeline: pipeline)) else { return }
      try transaction.setWait(wait, pipeline: pipeline)
    }
  }

  private static func isSame(_ new: Wait?, _ known: Wait?) -> Bool {
    guard let new, let known else { return new == nil && known == nil }
    guard new.code == known.code else { return false }
    guard let a = new.until, let b = known.until else { return new.until == nil && known.until == nil }
    return abs(a.timeIntervalSince(b)) < sameEnd
  }

  /// Ends a wait of a pipeline whose time has come and, once no job of it runs, one without a time: nothing is tried, and
  /// nothing would tell its end.
  package func endWait(pipeline: String) async throws(StoreError) {
    let now = time.now()
    let isOver: @Sendable (Database) throws -> Bool = { db in
      guard let wait = try Wait.fetchOne(db, pipeline: pipeline) else { return false }
      if let until = wait.until { return until <= now }
      let running = "SELECT 1 FROM job WHERE pipeline = ? AND state = 'running' LIMIT 1"
      return try Int.fetchOne(db, sql: running, arguments: [pipeline]) == nil
    }
    guard try await read(isOver) else { return }
    try await change { transaction in
      if try isOver(transaction.db) { try transaction.setWait(nil, pipeline: pipeline) }
    }
  }

  /// Nil: the sender of the pipeline does not wait.
  package func wait(pipeline: String) async throws(StoreError) -> Wait? {
    try await read { try Wait.fetchOne($0, pipeline: pipeline) }
  }
}

extension StoreTransaction {
  /// Replaces or, by nil, removes what the sender waits for, and tells it to the jobs that run.
  func setWait(_ wait: Wait?, pipeline: String) throws {
    try db.execute(sql: "DELETE FROM wait WHERE pipeline = ?", arguments: [pipeline])
    if let wait {
      try db.execute(
        sql: "INSERT INTO wait (pipeline, code, detail, since, until) VALUES (?, ?, ?, ?, ?)",
        arguments: [
          pipeline, wait.code.rawValue, wait.detail, wait.since.milliseconds, wait.until?.milliseconds,
        ])
    }
    let jobs = try Int64.fetchAll(
      db, sql: "SELECT id FROM job WHERE pipeline = ? AND state = 'running' ORDER BY id", arguments: [pipeline])
    for id in jobs { try event(.wait, of: id) }
  }

  /// Tells a job that begins, or goes on, what its sender waits for already.
  func tellWait(of id: Int64) throws {
    if try job(id).wait != nil { try event(.wait, of: id) }
  }

  /// Senders are made anew, and ask again by themselves.
  func endWaits() throws {
    for pipeline in try String.fetchAll(db, sql: "SELECT pipeline FROM wait ORDER BY pipeline") {
      try setWait(nil, pipeline: pipeline)
    }
  }
}
