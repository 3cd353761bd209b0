import Model

/// The errors of `io.invoiced.Jobs`.
extension VarlinkError {
  package static func noSuchJob(_ job: Int64) -> Self { jobs("NoSuchJob", ["job": .integer(job)]) }

  package static func noSuchDelivery(job: Int64, position: Int) -> Self {
    jobs("NoSuchDelivery", ["job": .integer(job), "position": .integer(Int64(position))])
  }

  package static func noSuchInvoice(_ number: String) -> Self {
    jobs("NoSuchInvoice", ["number": .string(number)])
  }

  /// Of the numbers that a start names: those that the catalogue does not have, and those that the other conditions leave
  /// out.
  package static func noSuchInvoices(_ numbers: [String], excluded: [String]) -> Self {
    jobs(
      "NoSuchInvoices",
      ["numbers": .array(numbers.map(JSON.string)), "excluded": .array(excluded.map(JSON.string))])
  }

  package static func noSuchSeries(_ series: String) -> Self { jobs("NoSuchSeries", ["series": .string(series)]) }

  package static func seriesUndecided(_ question: SeriesQuestion) -> Self {
    let others = question.others.map { use in
      JSON.object([
        "series": .string(use.series), "pipeline": .string(use.pipeline), "sent": .integer(Int64(use.sent)),
        "open": .integer(Int64(use.open)),
      ])
    }
    return jobs(
      "SeriesUndecided",
      [
        "question": .object([
          "pipeline": .string(question.pipeline), "invoices": .integer(Int64(question.invoices)),
          "others": .array(others),
        ])
      ])
  }

  package static func noSuchImport(_ importID: String) -> Self {
    jobs("NoSuchImport", ["import": .string(importID)])
  }

  package static func noSuchPipeline(_ pipeline: String, known: [String]) -> Self {
    jobs("NoSuchPipeline", ["pipeline": .string(pipeline), "known": .array(known.map(JSON.string))])
  }

  package static let nothingMatched = jobs("NothingMatched")

  package static func nothingDue(held: Int, markedSent: Int) -> Self {
    jobs("NothingDue", ["held": .integer(Int64(held)), "marked_sent": .integer(Int64(markedSent))])
  }

  package static func requestReused(job: Int64) -> Self { jobs("RequestReused", ["job": .integer(job)]) }

  package static func illegalState(_ state: String) -> Self { jobs("IllegalState", ["state": .string(state)]) }

  package static func attemptChanged(_ attempt: Int) -> Self {
    jobs("AttemptChanged", ["attempt": .integer(Int64(attempt))])
  }

  package static let mayBeSent = jobs("MayBeSent")

  package static func stageFailed(code: String, detail: String) -> Self {
    jobs("StageFailed", ["code": .string(code), "detail": .string(detail)])
  }

  package static func storeUnavailable(_ reason: String) -> Self {
    jobs("StoreUnavailable", ["reason": .string(reason)])
  }

  package static let backupRunning = jobs("BackupRunning")

  /// Both in bytes.
  package static func noRoom(needed: Int, free: Int) -> Self {
    jobs("NoRoom", ["needed": .integer(Int64(needed)), "free": .integer(Int64(free))])
  }

  package static let noSuchCode = jobs("NoSuchCode")

  package static func tooManyConnections(maximum: Int) -> Self {
    jobs("TooManyConnections", ["maximum": .integer(Int64(maximum))])
  }

  /// Both in bytes.
  package static func replyTooLarge(size: Int, maximum: Int) -> Self {
    jobs("ReplyTooLarge", ["size": .integer(Int64(size)), "maximum": .integer(Int64(maximum))])
  }

  package static let shuttingDown = jobs("ShuttingDown")

  private static func jobs(_ name: String, _ parameters: [String: JSON] = [:]) -> Self {
    VarlinkError(name: "\(JobsInterface.name).\(name)", parameters: .object(parameters))
  }
}
