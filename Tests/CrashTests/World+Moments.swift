import Foundation
import TestSupport

extension World {
  /// A moment that does not come is not waited for any longer, and the daemon is killed where it stands.
  private static let longestWait = Duration.seconds(5)
  private static let look = Duration.milliseconds(2)
  private static let looksPerQuestion = 60

  /// Waits for a moment. False: the job has ended before.
  func reached(_ moment: KillMoment, _ job: Int64) async throws -> Bool {
    switch moment {
    case .after(let duration):
      try await Task.sleep(for: duration)
      return true
    case .call(let call, let count, let delay):
      return try await saw(count, delay, job) { $0.event == "call" && $0.call == call }
    case .delivered(let count, let delay):
      return try await saw(count, delay, job) { $0.event == "delivered" }
    case .write(let count):
      return try await wrote(count, job)
    case .event(let count, let delay):
      let daemon = daemon
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await daemon.outcomes(count, of: job) }
        group.addTask { try await Task.sleep(for: Self.longestWait) }
        try await group.next()
        group.cancelAll()
      }
      if delay > .zero { try await Task.sleep(for: delay) }
      return true
    }
  }

  /// Kills by itself, on the spot.
  private func wrote(_ count: Int, _ job: Int64) async throws -> Bool {
    let program = daemon.program
    let watch = try WriteWatch(daemon.state + "/store.db-wal", count: count) { program?.kill(SIGKILL) }
    defer { watch.end() }
    let end = ContinuousClock.now + Self.longestWait
    while ContinuousClock.now < end, !watch.isDone {
      try await Task.sleep(for: Self.look * 10)
      // The question writes nothing. A daemon that was killed just now does not answer it.
      if !watch.isDone, (try? await daemon.isSettled(job)) == true { return watch.isDone }
    }
    return true
  }

  private func saw(
    _ count: Int, _ delay: Duration, _ job: Int64, _ isOne: (LogLine) -> Bool
  ) async throws -> Bool {
    let tail = try LogTail(sandbox)
    let end = ContinuousClock.now + Self.longestWait
    var (left, looks) = (count, 0)
    while ContinuousClock.now < end {
      left -= try tail.next().count(where: isOne)
      if left <= 0 {
        if delay > .zero { try await Task.sleep(for: delay) }
        return true
      }
      looks += 1
      if looks % Self.looksPerQuestion == 0, try await daemon.isSettled(job) { return false }
      try await Task.sleep(for: Self.look)
    }
    return true
  }
}
