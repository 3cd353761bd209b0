import Logging
import Model
import Store

/// Has the sender take back what deliveries left: after every start, because the last daemon may have died between a
/// draft and its commit, and twice a day, because a discard may have failed.
struct Sweeper: Sendable {
  private static let interval: Duration = .seconds(12 * 3600)
  /// Of one sweep, while the sender is out of reach.
  private static let mostTries = 20

  let pipeline: Pipeline
  let store: Store
  let time: Time
  let log: Logger

  /// Runs until the task is cancelled.
  ///
  /// - Parameter taken: what the lane has in hand. Its drafts are not in the store before their commit, and a delivery
  ///   leaves it only after that: it is asked before the store.
  func run(_ taken: Taken) async {
    while !Task.isCancelled {
      await sweep(taken)
      try? await time.sleep(Self.interval)
    }
  }

  private func sweep(_ taken: Taken) async {
    guard (try? await store.hasDeliveries(pipeline: pipeline.name)) == true else { return }
    for attempt in 1...Self.mostTries {
      do throws(StageError) {
        let count = try await pipeline.send.sweep(store: store.identity) { delivery in
          if taken.ids.contains(delivery) { return .all }
          return (try? await store.need(of: delivery)) ?? .all
        }
        if count > 0 { log.notice("\(count) left-over draft(s) of \(pipeline.name) were taken back") }
        return
      } catch {
        switch error.meaning {
        case .wait(let duration): try? await time.sleep(max(duration, pipeline.backoff.limit))
        case .retry: try? await time.sleep(pipeline.backoff.ceiling(after: attempt))
        // The next start, or the next sweep, finds the sender well again.
        case .hold, .reject: return
        }
        if Task.isCancelled { return }
      }
    }
  }
}
