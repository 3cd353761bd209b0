import Foundation
import Model
import Synchronization

/// A clock that a test turns. Sleepers wake when it passes their time.
package final class TurnedTime: Sendable {
  private struct Sleeper {
    var until: Duration
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var now = Duration.zero
    /// Of the wall clock against the monotonic one.
    var ahead = Duration.zero
    var next = 0
    var sleepers: [Int: Sleeper] = [:]
  }

  private let state = Mutex(State())
  private let start = Date(timeIntervalSince1970: 1_790_000_000)
  private let boot = UUID().uuidString

  package init() {}

  package var time: Time {
    Time(
      now: { self.start.addingTimeInterval(self.state.withLock { ($0.now + $0.ahead).seconds }) },
      uptime: { self.state.withLock { $0.now } },
      sleep: { try await self.sleep($0) }, boot: boot)
  }

  /// How long each sleeper still sleeps. Before it turns the clock, a test waits until whoever is to sleep does.
  package var sleepers: [Duration] {
    state.withLock { state in state.sleepers.values.map { $0.until - state.now } }
  }

  /// Sets the wall clock forward, or back by a negative duration, as somebody who corrects it does: no time passes.
  package func set(by duration: Duration) { state.withLock { $0.ahead += duration } }

  package func turn(by duration: Duration) {
    let woken = state.withLock { state in
      state.now += duration
      let due = state.sleepers.filter { $0.value.until <= state.now }
      for id in due.keys { state.sleepers[id] = nil }
      return due.values.map(\.continuation)
    }
    for continuation in woken { continuation.resume() }
  }

  private func sleep(_ duration: Duration) async throws {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let isDue = state.withLock { state in
          guard duration > .zero, !Task.isCancelled else { return true }
          state.sleepers[id] = Sleeper(until: state.now + duration, continuation: continuation)
          return false
        }
        if isDue { continuation.resume() }
      }
      try Task.checkCancellation()
    } onCancel: {
      let sleeper = state.withLock { $0.sleepers.removeValue(forKey: id) }
      sleeper?.continuation.resume(throwing: CancellationError())
    }
  }
}
