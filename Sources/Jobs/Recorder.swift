import Foundation
import Model
import Store

/// Gives the receipts of a pipeline to its record stages. A queue of its own: a stage that takes its time holds no place
/// at the sender.
///
/// Every stage is kept track of by itself: one that refuses a receipt is offered it again, and it alone. What a daemon
/// that died had not written down is offered again, which a record stage takes as the same.
struct Recorder: Sendable {
  /// Receipts that are recorded at the same time.
  static let recordsAtOnce = 16

  let pipeline: Pipeline
  let store: Store
  let time: Time
  let outcomes: OutcomeWriter
  private let inFlight = InFlight()

  init(pipeline: Pipeline, store: Store, time: Time, outcomes: OutcomeWriter) {
    self.pipeline = pipeline
    self.store = store
    self.time = time
    self.outcomes = outcomes
  }

  /// Runs until the task is cancelled; returns when every stage that was asked has answered.
  func run() async {
    let wakeup = Wakeup()
    await withDiscardingTaskGroup { group in
      group.addTask {
        for await _ in store.commits.listen() { wakeup.signal() }
      }
      while !Task.isCancelled {
        do {
          // What a stage answers cannot be written while the store is in trouble. The end of that is no change that signals.
          guard await outcomes.troubled == nil else {
            try? await time.sleep(PipelineWorker.troubleLook)
            continue
          }
          let next = try await offer(&group, wakeup)
          await wakeup.wait(atMost: next.map { .seconds(max(0.001, $0.timeIntervalSince(time.now()))) }, time)
        } catch {
          await outcomes.trouble(error)
          try? await time.sleep(PipelineWorker.troubleLook)
        }
      }
    }
  }

  /// After the last send: what was sent while the runner ended is offered once, and not only by the next daemon.
  func finish() async {
    guard await outcomes.troubled == nil else { return }
    await withDiscardingTaskGroup { group in _ = try? await offer(&group, Wakeup()) }
  }

  /// - Returns: when to look again at the latest; nil: at the next change.
  private func offer(_ group: inout DiscardingTaskGroup, _ wakeup: Wakeup) async throws -> Date? {
    let (due, next) = try await store.unrecorded(
      pipeline: pipeline.name, inFlight: inFlight.ids, limit: Self.recordsAtOnce - inFlight.count)
    for delivery in due {
      guard let receipt = delivery.receipt else { continue }
      inFlight.insert(delivery.id)
      group.addTask {
        await record(delivery, receipt)
        inFlight.remove(delivery.id)
        wakeup.signal()
      }
    }
    return next
  }

  /// A test sent nothing to the customer, and tells nobody that it did.
  private func record(_ delivery: DueDelivery, _ receipt: Receipt) async {
    var recordedBy = delivery.recordedBy
    var refusal: StageError?
    for step in pipeline.record where delivery.testTo == nil && !recordedBy.contains(step.name) {
      do throws(StageError) {
        try await step.stage.record(receipt, of: delivery.invoice, for: delivery.context)
        recordedBy.insert(step.name)
      } catch {
        refusal = refusal ?? error
      }
    }
    do {
      if let refusal {
        let wait = pipeline.backoff.ceiling(after: delivery.tries + 1)
        try await store.postponeRecord(
          delivery.id, recordedBy: recordedBy, refusal.detail, until: time.now().addingTimeInterval(wait.seconds))
      } else {
        try await store.markRecorded(delivery.id)
      }
    } catch {
      await outcomes.trouble(error)
    }
  }
}
