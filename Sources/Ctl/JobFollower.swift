import Control
import Model

/// Shows what happens in one job until it ends: lines, a bar under them, and no line lost or repeated when the daemon
/// restarts meanwhile.
struct JobFollower: Sendable {
  /// How following ended.
  enum End: Sendable, Hashable {
    /// Completed, cancelled, or waiting for a person; or paused, when only a person ends that.
    case stopped(JobState, Counts)
    /// ^C; the job goes on.
    case interrupted
  }

  /// The bar's clock ticks while nothing happens.
  static let tick = Duration.seconds(1)

  let context: Context
  let screen: Screen
  let job: Int64
  /// How long a daemon that went away is waited for.
  let patience: Duration
  /// Whether a hold that only a person removes is an end.
  let leavesOnHold: Bool

  /// - Parameter after: the event to resume after; nil begins with the job's present state and its newest events.
  func follow(after: String?) async throws -> End {
    let end = try await withThrowingTaskGroup(of: End?.self) { group in
      group.addTask { try await read(after: after) }
      group.addTask {
        for await _ in Interrupts.first() { return .interrupted }
        return nil
      }
      group.addTask {
        while true {
          try await Task.sleep(for: Self.tick)
          try await screen.redraw()
        }
      }
      defer { group.cancelAll() }
      for try await end in group {
        if let end { return end }
      }
      throw CancellationError()
    }
    try await screen.erase()
    return end
  }

  /// Follows a job, says how it can go on, and throws the `Ending` that its end means.
  static func show(
    _ job: Int64, after: String?, _ context: Context, patience: Duration, leavesOnHold: Bool
  ) async throws {
    let screen = Screen(context.terminal, context.wording, bar: !context.json)
    let follower = JobFollower(
      context: context, screen: screen, job: job, patience: patience, leavesOnHold: leavesOnHold)
    switch try await follower.follow(after: after) {
    case .interrupted:
      Output.note(context.message("notice", code: "Interrupted", context.wording.left(job)))
      throw Ending(status: .interrupted)
    case .stopped(let state, let counts):
      let status = ExitStatus(state: state, counts: counts)
      if let advice = context.wording.advice(job, status, state, counts) { context.advise(advice) }
      if status != .success { throw Ending(status: status) }
    }
  }

  private func read(after: String?) async throws -> End {
    var reader = EventReader(follower: self, after: after)
    do {
      while true {
        do {
          return try await reader.readToEnd()
        } catch let error where Context.isLoss(error) {
          try await screen.note(context.connectionLost(patience))
          reader.client = try await context.reconnect(within: patience)
          try await screen.note(context.message("notice", code: "Reconnected", context.wording.connectedAgain))
        }
      }
    } catch {
      try? await screen.erase()
      throw error
    }
  }
}
