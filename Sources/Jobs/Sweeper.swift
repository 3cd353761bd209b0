import Logging
import Model
import Store

/// Has the sender take back what was prepared and will never be sent: after every start, because the last daemon may have
/// died between preparing and committing, after each preparation whose answer was lost, because it is repeated and there
/// may be two, and after each `discard` that failed.
///
/// A call whose answer was lost may be carried out later than the sweep that follows it. So each of these is followed by
/// another one, when the sender's time for that is over (`SenderTraits.settle`).
///
/// Why it takes nothing that is still wanted: the sender looks at the other side first and asks afterwards, and while
/// the worker has a delivery in hand the answer is to ask again. Once it has not, its run has either committed what it
/// prepared, and the store names it, or given it up. What the next run prepares was not there when the sender looked.
struct Sweeper: Sendable {
  /// Of a sweep that fails: with the default back-off about four minutes. After that it is said, and tried again after
  /// each `laterLook`.
  static let attempts = 10
  static let laterLook: Duration = .seconds(3600)

  let pipeline: Pipeline
  let store: Store
  let time: Time
  let inFlight: InFlight
  /// Rung when something may have been left.
  let wakeup: Wakeup
  let log: Logger

  /// Runs until the task is cancelled.
  func run() async {
    var failures = 0
    // What is looked for may not be there yet.
    var looksAgain = true
    while !Task.isCancelled {
      do {
        try await sweep()
        failures = 0
        let pause = looksAgain ? pipeline.send.traits.settle : nil
        let end = pause.map { time.uptime() + $0 }
        await wakeup.wait(atMost: pause, time)
        looksAgain = end.map { time.uptime() < $0 } ?? true
      } catch {
        failures += 1
        if failures == Self.attempts { tell(error) }
        let pause = failures < Self.attempts ? pipeline.backoff.ceiling(after: failures) : Self.laterLook
        try? await time.sleep(pause)
      }
    }
  }

  private func tell(_ error: any Error) {
    log.warning(
      """
      \(pipeline.name): drafts that nobody will send could not be looked for, and somebody could send them by hand; this \
      is tried again every hour: \(error)
      """)
  }

  private func sweep() async throws {
    // A daemon that has sent nothing yet asks nobody.
    guard try await store.hasDeliveries(pipeline: pipeline.name) else { return }
    try await pipeline.send.sweep(store: store.identity) { await owner(of: $0) }
  }

  private func owner(of key: DeliveryKey) async -> DraftOwner {
    guard !inFlight.ids.contains(key.delivery) else { return .inFlight }
    return (try? await store.owner(ofDelivery: key.delivery, pipeline: pipeline.name)) ?? .inFlight
  }
}
