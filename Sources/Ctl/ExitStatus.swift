import Model

/// How `invoicectl` ends; nothing else is ever returned.
enum ExitStatus: Int32, Sendable, CaseIterable {
  /// All was really sent; invoices that were sent before, or by another system, are well, too.
  case success = 0
  /// The command line, its input file or the configuration is wrong.
  case usage = 1
  /// Deliveries failed, or some lines of a manifest were left out.
  case failed = 2
  /// The daemon refused, or nothing matched.
  case refused = 3
  /// Only a person can decide about a delivery: no look of the daemon's own is due. Outranks `failed`.
  case personAsked = 4
  /// No daemon answers at the socket.
  case unreachable = 5
  /// The job is paused or cancelled, or some invoices that match were not sent: on hold, skipped, or still in another
  /// job's hands.
  case paused = 6
  /// Left with ^C; the job goes on.
  case interrupted = 130

  /// What a job in this state means: paused and cancelled first, then unknown deliveries, its own or another job's, then
  /// failed ones, then what was left out unsent.
  init(state: JobState, counts: Counts) {
    self =
      if state == .paused || state == .cancelled {
        .paused
      } else if counts.unknown + counts.toCheck > 0 {
        .personAsked
      } else if counts.failed > 0 {
        .failed
      } else if counts.skipped + counts.inOtherJobs + counts.held > 0 {
        .paused
      } else {
        .success
      }
  }
}
