import Foundation
import Logging
import Model
import Store
import Synchronization

/// All deliveries of one pipeline: takes what is due, does so many at a time as the sender allows, and looks after
/// receipts, unknown outcomes, and the holds and waits that end by themselves.
struct PipelineWorker: Sendable {
  /// Looks at a store in trouble: often enough for a person who has made room, and the journal is not flooded.
  static let troubleLook: Duration = .seconds(2)

  let pipeline: Pipeline
  let store: Store
  let time: Time
  let outcomes: OutcomeWriter
  let log: Logger
  /// Signalled when something may have been left at the sender that nobody will send.
  let sweepWakeup: Wakeup
  let heartbeat: Heartbeat
  private let wakeup = Wakeup()

  init(
    pipeline: Pipeline, store: Store, time: Time, outcomes: OutcomeWriter, log: Logger, sweepWakeup: Wakeup,
    heartbeat: Heartbeat
  ) {
    self.pipeline = pipeline
    self.store = store
    self.time = time
    self.outcomes = outcomes
    self.log = log
    self.sweepWakeup = sweepWakeup
    self.heartbeat = heartbeat
  }

  /// Runs until the task is cancelled; returns when every begun send is finished and written.
  func run() async {
    guard await startStages() else { return }
    let inFlight = InFlight()
    let reconciler = Reconciler(
      pipeline: pipeline, store: store, time: time, outcomes: outcomes, sweepWakeup: sweepWakeup)
    let recorder = Recorder(pipeline: pipeline, store: store, time: time, outcomes: outcomes)
    let waits = WaitLog(pipeline: pipeline, store: store, time: time, outcomes: outcomes)
    let sweeper = Sweeper(
      pipeline: pipeline, store: store, time: time, inFlight: inFlight, wakeup: sweepWakeup, log: log)
    await withDiscardingTaskGroup { group in
      group.addTask {
        for await _ in store.commits.listen() { wakeup.signal() }
      }
      group.addTask { await reconciler.run() }
      group.addTask { await recorder.run() }
      group.addTask { await sweeper.run() }
      group.addTask { await waits.run() }
      // Unknown: a runner before this one may have held the sender.
      var isHeld: Bool?
      var knownClockError: Duration?
      while !Task.isCancelled {
        heartbeat.beat(pipeline.name)
        knownClockError = await tellClock(knownClockError)
        do {
          let isWell = await outcomes.probe()
          if isHeld != !isWell { isHeld = await tellTrouble(isWell) }
          if isWell {
            let next = try await takeAll(&group, inFlight)
            await wakeup.wait(atMost: heartbeat.bounded(next), time)
          } else {
            // Not by the wakeup: a probe that succeeds signals it, and a read that goes on failing would turn in circles.
            try? await time.sleep(Self.troubleLook)
          }
        } catch {
          await outcomes.trouble(error)
          try? await time.sleep(Self.troubleLook)
        }
      }
      heartbeat.rest(pipeline.name)
    }
    await uncancelled { await recorder.finish() }
  }

  /// Starts every stage, however long that takes. Until then the sender is held, so that every watcher sees why nothing
  /// goes on. False: the task was cancelled first.
  private func startStages() async -> Bool {
    var failures = 0
    while !Task.isCancelled {
      do throws(StageError) {
        try await pipeline.start()
        if failures > 0 { _ = try? await store.release(pipeline: pipeline.name, .sender) }
        return true
      } catch {
        failures += 1
        log.error("\(pipeline.name): a stage cannot start: \(error.code.rawValue): \(error.detail)")
        _ = try? await store.hold(pipeline: pipeline.name, .sender, error.code, error.detail)
        try? await time.sleep(pipeline.backoff.ceiling(after: failures))
      }
    }
    return false
  }

  /// Holds the sender while the store is in trouble, so that every watcher sees why nothing goes on, and lets it go
  /// afterwards. A full disk has room for that; where nothing can be written at all, `status` alone tells it.
  ///
  /// - Returns: whether it is held.
  private func tellTrouble(_ isWell: Bool) async -> Bool {
    do {
      if isWell {
        try await store.release(pipeline: pipeline.name, .store)
        return false
      }
      // Short of room, and an outcome still on its way: what is wrong is not known before that is written.
      guard let (code, detail) = await outcomes.troubled?.reason else { return false }
      try await store.hold(pipeline: pipeline.name, .store, code, detail)
      return true
    } catch {
      return isWell
    }
  }

  /// Says once that the clock is wrong, and once that it is right again: whatever is written down bears its time, and
  /// a service account gets no token by it.
  private func tellClock(_ known: Duration?) async -> Duration? {
    let error = await pipeline.send.clockError
    switch (known, error) {
    case (nil, let error?):
      let seconds = Int(error.seconds.rounded())
      log.warning(
        """
        \(pipeline.name): the clock of this machine is \(abs(seconds)) s \(seconds > 0 ? "ahead of" : "behind") the \
        sender's; set it (timedatectl set-ntp true)
        """)
    case (_?, nil): log.notice("\(pipeline.name): the clock of this machine is correct again")
    default: break
    }
    return error
  }

  /// Begins whatever can be begun now.
  ///
  /// - Returns: when to look again at the latest; nil: at the next change.
  private func takeAll(_ group: inout DiscardingTaskGroup, _ inFlight: InFlight) async throws -> Duration? {
    // Asked first: what becomes due from here on is in `next`, or is taken below.
    let next = try await store.nextTime(pipeline: pipeline.name)
    try await store.releaseEnded(pipeline: pipeline.name)
    try await store.endWait(pipeline: pipeline.name)
    let run = DeliveryRun(pipeline: pipeline, store: store, time: time, outcomes: outcomes, sweepWakeup: sweepWakeup)
    let free = max(1, pipeline.send.traits.concurrency) - inFlight.count
    if free > 0 {
      for delivery in try await store.dueDeliveries(pipeline: pipeline.name, inFlight: inFlight.ids, limit: free) {
        inFlight.insert(delivery.id)
        group.addTask {
          await run.run(delivery)
          inFlight.remove(delivery.id)
          wakeup.signal()
        }
      }
    }
    return next.map { .seconds(max(0.001, $0.timeIntervalSince(time.now()))) }
  }
}

/// The deliveries that have been begun and are not finished.
final class InFlight: Sendable {
  private let deliveries = Mutex<Set<Int64>>([])

  var ids: Set<Int64> { deliveries.withLock { $0 } }
  var count: Int { deliveries.withLock { $0.count } }

  func insert(_ id: Int64) { deliveries.withLock { _ = $0.insert(id) } }
  func remove(_ id: Int64) { deliveries.withLock { _ = $0.remove(id) } }
}
