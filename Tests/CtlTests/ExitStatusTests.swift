import Model
import Testing

@testable import Ctl

@Suite struct ExitStatusTests {
  private func counts(failed: Int = 0, unknown: Int = 0) -> Counts {
    var counts = Counts(total: 0)
    (counts.failed, counts.unknown) = (failed, unknown)
    counts.total = failed + unknown
    return counts
  }

  @Test("a completed job without failures is 0, with failures 2")
  func completed() {
    #expect(Ctl.ExitStatus(state: .completed, counts: counts()) == .success)
    #expect(Ctl.ExitStatus(state: .completed, counts: counts(failed: 1)) == .failed)
  }

  @Test("a person who is asked outranks failures")
  func personAsked() {
    #expect(Ctl.ExitStatus(state: .waiting, counts: counts(failed: 3, unknown: 1)) == .personAsked)
  }

  @Test("a paused or cancelled job is 6, whatever failed", arguments: [JobState.paused, .cancelled])
  func paused(_ state: JobState) {
    #expect(Ctl.ExitStatus(state: state, counts: counts(failed: 1, unknown: 1)) == .paused)
  }

  @Test("a completed job is 0 only if all was sent: what others have yet to send, or people keep back, is 6")
  func leftOut() {
    for count in [\Counts.inOtherJobs, \.held, \.skipped] {
      var counts = counts()
      counts[keyPath: count] = 1
      #expect(Ctl.ExitStatus(state: .completed, counts: counts) == .paused)
      counts.failed = 1
      #expect(Ctl.ExitStatus(state: .completed, counts: counts) == .failed)
      counts.toCheck = 1
      #expect(Ctl.ExitStatus(state: .completed, counts: counts) == .personAsked)
    }
    var sent = counts()
    (sent.already, sent.markedSent) = (3, 2)
    #expect(Ctl.ExitStatus(state: .completed, counts: sent) == .success)
  }

  @Test("a job that waits for its records alone is 0")
  func unrecorded() {
    #expect(Ctl.ExitStatus(state: .waiting, counts: counts()) == .success)
  }
}
