/// The errors of `io.invoiced.Jobs`.
extension VarlinkError {
  package static func noSuchJob(_ job: Int64) -> Self { jobs("NoSuchJob", ["job": .integer(job)]) }

  package static func noSuchDelivery(job: Int64, position: Int) -> Self {
    jobs("NoSuchDelivery", ["job": .integer(job), "position": .integer(Int64(position))])
  }

  package static func noSuchInvoice(_ number: String) -> Self {
    jobs("NoSuchInvoice", ["number": .string(number)])
  }

  package static func noSuchImport(_ importID: String) -> Self {
    jobs("NoSuchImport", ["import": .string(importID)])
  }

  package static func noSuchPipeline(_ pipeline: String, known: [String]) -> Self {
    jobs("NoSuchPipeline", ["pipeline": .string(pipeline), "known": .array(known.map(JSON.string))])
  }

  package static let nothingMatched = jobs("NothingMatched")

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

  package static let shuttingDown = jobs("ShuttingDown")

  private static func jobs(_ name: String, _ parameters: [String: JSON] = [:]) -> Self {
    VarlinkError(name: "\(JobsInterface.name).\(name)", parameters: .object(parameters))
  }
}
