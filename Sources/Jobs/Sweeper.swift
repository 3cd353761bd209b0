import Logging
import Model
import Store

/// Takes back what was prepared at the sender and will never be sent: after every start, because the last daemon may have
/// died between preparing and committing, after each preparation whose answer was lost, because it is repeated and there
/// may be two, and after each `discard` that failed.
///
/// A call whose answer was lost may be carried out later than the sweep that follows it. So each of these is followed by
/// another one, when the sender's time for that is over (`SenderTraits.settle`).
///
/// Why it takes nothing that is still wanted: the other side is looked at first and the store is asked afterwards, and while
/// the worker has a delivery in hand the answer is to ask again. Once it has not, its run has either committed what it
/// prepared, and the store names it, or given it up. What the next run prepares was not there when the sender looked.
struct Sweeper: Sendable {
  /// Of a sweep that fails: with the default back-off about four minutes. After that it is said, and tried again after
  /// each `laterLook`.
  static let attempts = 10
  static let laterLook: Duration = .seconds(3600)
  /// Between two looks at a delivery that is in hand.
  static let inHandLook: Duration = .seconds(10)

  let pipeline: Pipeline
  let store: Store
  let time: Time
  let inFlight: InFlight
  /// Signalled when something may have been left.
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
      \(pipeline.name): orphaned drafts could not be listed; someone might send one manually. The next attempt is in an \
      hour: \(error)
      """)
  }

  private func sweep() async throws {
    // A daemon that has sent nothing yet asks nobody.
    guard try await store.hasDeliveries(pipeline: pipeline.name) else { return }
    var left: [Leftover] = []
    for try await leftover in pipeline.send.leftovers(store: store.identity) {
      if try await !judge(leftover) { left.append(leftover) }
    }
    while !left.isEmpty {
      try await time.sleep(Self.inHandLook)
      let again = left
      left = []
      for leftover in again where try await !judge(leftover) { left.append(leftover) }
    }
  }

  /// The one place that decides what nobody will send. False: it cannot be judged yet.
  private func judge(_ leftover: Leftover) async throws -> Bool {
    switch await owner(of: leftover.key) {
    case .inFlight: return false
    case .stranger: return true
    case .token(let token) where pipeline.send.isSamePreparation(token, leftover.token): return true
    case .token, .nobody: break
    }
    if case .failed(let words) = await pipeline.send.discard(leftover.token) {
      throw StageError(.serverError, words, .retry(after: nil))
    }
    return true
  }

  private func owner(of key: DeliveryKey) async -> DraftOwner {
    guard !inFlight.ids.contains(key.delivery) else { return .inFlight }
    return (try? await store.owner(ofDelivery: key.delivery, pipeline: pipeline.name)) ?? .inFlight
  }
}
