import Logging
import Model
import Store

/// Runs all pipelines. Whatever is due in the store is done; nothing has to be handed over.
package struct Runner: Sendable {
  private let pipelines: [Pipeline]
  private let store: Store
  private let time: Time
  private let log: Logger
  private let heartbeat: Heartbeat
  /// How long a job may have lain still and go on by itself; nil: however long.
  private let resumeWithin: Duration?
  /// What is still to be taken back; at most what was prepared in jobs that were cancelled.
  private let discards: AsyncStream<PendingDiscard>
  private let toDiscard: AsyncStream<PendingDiscard>.Continuation
  /// By pipeline: signalled when something may have been left at its sender that nobody will send.
  private let sweepWakeup: [String: Wakeup]
  /// Shared with whoever shows the daemon's state.
  package let outcomes: OutcomeWriter

  /// - Parameters:
  ///   - outcomes: of the daemon; a runner that has finished may have left one that is still to be written.
  ///   - resumeWithin: jobs that lay still for longer at the start wait for a person.
  package init(
    pipelines: [Pipeline], store: Store, time: Time, log: Logger, outcomes: OutcomeWriter, heartbeat: Heartbeat,
    resumeWithin: Duration? = nil
  ) {
    self.pipelines = pipelines
    self.store = store
    self.time = time
    self.log = log
    self.heartbeat = heartbeat
    self.resumeWithin = resumeWithin
    self.outcomes = outcomes
    sweepWakeup = Dictionary(pipelines.map { ($0.name, Wakeup()) }, uniquingKeysWith: { first, _ in first })
    (discards, toDiscard) = AsyncStream.makeStream()
  }

  /// Has something that was prepared taken back by `run`, and returns at once: the sender may have to wait for its
  /// limits, longer than whoever asked stays.
  package func discard(_ left: [PendingDiscard]) {
    for draft in left { toDiscard.yield(draft) }
  }

  /// Before `run`, and before anybody is answered: writes down what the last daemon left. Asks no sender.
  ///
  /// - Returns: what `run` is to discard.
  package func recover() async throws -> [PendingDiscard] {
    try await store.recover(resumeWithin: resumeWithin)
  }

  /// Between two runners, while none runs: a sender that was held for what a configuration says is asked once more.
  package func releaseSenders() async throws { try await store.releaseSenders() }

  /// Runs until the task is cancelled; returns when every begun send is finished, its outcome written, and every
  /// stage closed.
  package func run(discarding left: [PendingDiscard] = []) async {
    await withDiscardingTaskGroup { group in
      for pipeline in pipelines {
        guard let sweepWakeup = sweepWakeup[pipeline.name] else { continue }
        let worker = PipelineWorker(
          pipeline: pipeline, store: store, time: time, outcomes: outcomes, log: log, sweepWakeup: sweepWakeup,
          heartbeat: heartbeat)
        group.addTask { await worker.run() }
      }
      group.addTask { await discard(outcomes.takeBack()) }
      let clock = ClockWatch(store: store, time: time, resumeWithin: resumeWithin)
      group.addTask { await clock.run() }
      discard(left)
      group.addTask {
        for await draft in discards {
          let outcome = await pipelines.first { $0.name == draft.pipeline }?.send.discard(draft.token)
          if case .failed = outcome { sweepWakeup[draft.pipeline]?.signal() }
        }
      }
    }
    for pipeline in pipelines { await uncancelled { await pipeline.close() } }
  }
}
