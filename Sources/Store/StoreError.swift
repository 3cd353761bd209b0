import GRDB
import Model

/// Why the store refused, or could not do, what was asked.
package enum StoreError: Error, Sendable, Hashable {
  case noSuchJob(Int64)
  case noSuchDelivery(job: Int64, position: Int)
  case noSuchInvoice(String)
  /// The request id made this job, with other parameters.
  case requestReused(job: Int64)
  /// The job or the delivery is in a state that does not permit this.
  case illegalState(String)
  /// The delivery has been attempted again since it was seen.
  case attemptChanged(Int)
  /// Nothing in the catalogue matches.
  case nothingMatched
  /// What matches is held by people, or was sent by another system.
  case nothingDue(held: Int, markedSent: Int)
  /// A person has to say first which series the pipeline goes on with.
  case seriesUndecided(SeriesQuestion)
  /// Nothing was ever sent in this series.
  case noSuchSeries(String)
  /// The file cannot be used at all; the reason is for an operator.
  case unusable(String)
  /// No room left on the device (SQLITE_FULL). Nothing of the change was written.
  case full
  /// SQLite's own words, or those of the system. Nothing of the change was written, unless a sync failed: that of the
  /// log, or of the mark beside the database. Then it may stand.
  case failed(String)

  /// Whether the same change may succeed later.
  package var isTrouble: Bool {
    switch self {
    case .full, .failed: true
    default: false
    }
  }

  /// The reason in the system's or SQLite's words; empty where the case says all.
  package var words: String {
    switch self {
    case .unusable(let words), .failed(let words): words
    default: ""
    }
  }

  /// Turns what GRDB throws into the store's words.
  init(_ error: any Error) {
    switch error {
    case let error as StoreError: self = error
    case let error as DatabaseError where error.resultCode == .SQLITE_FULL: self = .full
    // Without the statement, which names values.
    case let error as DatabaseError:
      let words = "SQLite \(error.extendedResultCode.rawValue): \(error.message ?? "")"
      let isDamaged = [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
      self = .failed(isDamaged ? words + Self.damage : words)
    default: self = .failed(String(describing: error))
    }
  }

  /// What an operator is to do where SQLite finds pages that do not fit together.
  private static let damage =
    "; the database is damaged, or a log that is not its own (store.db-wal) lies beside it: put a backup back, and remove "
    + "the log (docs/backup.md)"
}

extension StoreError: CustomStringConvertible {
  /// For the journal.
  package var description: String {
    switch self {
    case .noSuchJob(let job): "there is no job \(job)"
    case .noSuchDelivery(let job, let position): "there is no delivery \(position) of job \(job)"
    case .noSuchInvoice(let number): "there is no invoice \(number)"
    case .requestReused(let job): "the request made job \(job), with other parameters"
    case .illegalState(let state): "not possible in the state \(state)"
    case .attemptChanged(let attempt): "attempt \(attempt) has been made since"
    case .nothingMatched: "nothing in the catalogue matches"
    case .nothingDue: "all that matches is held, or was sent by another system"
    case .seriesUndecided(let question): "the series of the pipeline \(question.pipeline) is not decided"
    case .noSuchSeries(let series): "there is no series \(series)"
    case .full: "no room left on the device"
    case .unusable(let words), .failed(let words): words
    }
  }
}
