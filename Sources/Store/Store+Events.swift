import Foundation
import GRDB
import Model

/// The event log, for everybody who watches.
extension Store {
  /// An event as it is passed on: its number, and its JSON as it was made.
  package struct Entry: Sendable, Hashable {
    package var sequence: Int64
    var job: Int64
    package var json: String
    /// Whether the job has nothing more to do, for now or for good.
    package var isEnd: Bool

    package func event() throws -> Event { try WireJSON.value(Event.self, json) }
  }

  /// A job as it stands, with the number of the last event that it includes.
  package struct Snapshot: Sendable {
    /// Nil: of all jobs.
    package var job: Job?
    package var last: EventID
    /// The newest events up to `last`, the oldest first.
    package var recent: [Entry]
  }

  /// Between two looks at the log by those who follow it, while it cannot be read.
  package static let troubleLook = Duration.seconds(1)

  /// The next events after a number, of one job or of all: at most `limit`, fewer where they are long (`Page`), and none
  /// only where there are none.
  package func events(job: Int64?, after: Int64, limit: Int) async throws(StoreError) -> [Entry] {
    if let known = recent.after(after, job: job, limit: limit) { return known }
    return try await read { db in
      // Two statements: each has its index, and a watcher of one job does not go through the events of all others.
      let ofJob = job == nil ? "" : "job = :job AND "
      let page = try Page(
        db, "SELECT \(Entry.columns) FROM event WHERE \(ofJob)seq > :after ORDER BY seq LIMIT :limit",
        job.map { ["job": $0, "after": after] } ?? ["after": after], limit: limit, Entry.init)
      return Array(page)
    }
  }

  /// Whether watching can go on strictly after this event: it is of this epoch, not ahead, and nothing after it was
  /// trimmed.
  package func canResume(after id: EventID) async throws(StoreError) -> Bool {
    guard id.epoch == epoch else { return false }
    return try await read { db in
      let last = try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'") ?? 0
      let trimmed = try Int64.fetchOne(db, sql: "SELECT trimmed FROM store") ?? 0
      return (trimmed...max(trimmed, last)).contains(id.sequence)
    }
  }

  /// The present state in one read: every event after `last` is still to come.
  package func snapshot(job: Int64?, recent: Int) async throws(StoreError) -> Snapshot {
    let epoch = epoch
    return try await read { db in
      var snapshot = Snapshot(
        job: nil,
        last: EventID(
          epoch: epoch,
          sequence: try Int64.fetchOne(db, sql: "SELECT seq FROM sqlite_sequence WHERE name = 'event'") ?? 0),
        recent: [])
      if let job {
        guard let found = try Job.fetchOne(db, job) else { throw StoreError.noSuchJob(job) }
        snapshot.job = found
        snapshot.recent = try Page(
          db, "SELECT \(Entry.columns) FROM event WHERE job = :job ORDER BY seq DESC LIMIT :limit", ["job": job],
          limit: recent, Entry.init
        ).reversed()
      }
      return snapshot
    }
  }

  /// Drops events of jobs that were finished before a time, at most 1,000 a call. True when there may be more.
  package func trimEvents(finishedBefore limit: Date) async throws(StoreError) -> Bool {
    let hasMore = try await change { transaction in
      let old = try Int64.fetchAll(
        transaction.db,
        sql: "SELECT seq FROM event WHERE job IN (SELECT id FROM job WHERE finished_at < ?) LIMIT 1000",
        arguments: [limit.milliseconds])
      guard let newest = old.max() else { return false }
      for seq in old { try transaction.db.execute(sql: "DELETE FROM event WHERE seq = ?", arguments: [seq]) }
      try transaction.db.execute(sql: "UPDATE store SET trimmed = max(trimmed, ?)", arguments: [newest])
      return old.count == 1000
    }
    recent.forget()
    return hasMore
  }
}

extension Store.Entry {
  fileprivate static let columns = "seq, job, json, json ->> 'kind' = 'complete' AS is_end"

  fileprivate init(_ row: Row) {
    self.init(sequence: row["seq"], job: row["job"], json: row["json"], isEnd: row["is_end"])
  }
}
