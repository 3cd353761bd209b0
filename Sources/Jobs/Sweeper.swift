import Logging
import Model
import Store

/// Has the sender take back what was prepared and will never be sent: once after every start, because the last daemon
/// may have died between preparing and committing, and again after each `discard` that failed.
///
/// Why it takes nothing that is still wanted: the sender looks at the other side first and asks afterwards, and while
/// the lane has a delivery in hand the answer is to ask again. Once it has not, its run has either committed what it
/// prepared, and the store names it, or given it up. What the next run prepares was not there when the sender looked.
struct Sweeper: Sendable {
  /// Of a sweep that fails: with the default back-off about four minutes. Then the next start is soon enough.
  static let attempts = 10

  let pipeline: Pipeline
  let store: Store
  let time: Time
  let taken: Taken
  /// Rung after a discard that failed.
  let bell: Bell
  let log: Logger

  /// Runs until the task is cancelled.
  func run() async {
    var failures = 0
    while !Task.isCancelled {
      do {
        try await sweep()
        failures = 0
        await bell.wait(atMost: nil, time)
      } catch {
        failures += 1
        if failures < Self.attempts {
          try? await time.sleep(pipeline.backoff.ceiling(after: failures))
        } else {
          log.warning(
            """
            \(pipeline.name): drafts that nobody will send could not be looked for, and somebody could send them by \
            hand; the next start looks again: \(error)
            """)
          failures = 0
          await bell.wait(atMost: nil, time)
        }
      }
    }
  }

  private func sweep() async throws {
    // A daemon that has sent nothing yet asks nobody.
    guard try await store.hasDeliveries(pipeline: pipeline.name) else { return }
    try await pipeline.send.sweep(store: store.identity) { await holder(of: $0) }
  }

  private func holder(of key: DeliveryKey) async -> KeyHolder {
    guard !taken.ids.contains(key.delivery) else { return .lane }
    return (try? await store.holder(ofDelivery: key.delivery, pipeline: pipeline.name)) ?? .lane
  }
}
