import Foundation
import Model

/// Why a job does not go on at the moment.
enum Standstill: Sendable, Hashable {
  case paused
  /// Its sender waits; nil: nobody knows until when.
  case wait(until: Date?)
  /// Every delivery has an outcome, and the daemon looks for that of so many.
  case looking(Int)

  /// Nil: it goes on.
  init?(state: JobState, wait: Wait?, looking: Int) {
    switch state {
    case .paused: self = .paused
    case .running:
      guard let wait else { return nil }
      self = .wait(until: wait.until)
    case .waiting where looking > 0: self = .looking(looking)
    case .waiting, .completed, .cancelled: return nil
    }
  }

  init?(_ job: Job) { self.init(state: job.state, wait: job.wait, looking: job.looking) }

  init?(_ event: Event) { self.init(state: event.state, wait: event.wait, looking: event.looking ?? 0) }
}
