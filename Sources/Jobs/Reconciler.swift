import Foundation
import Model
import Store

/// Finds out what became of attempts that ended unknown, by the sender's own rules.
struct Reconciler: Sendable {
  /// A look takes as long as the sender wants it to (Gmail: two looks, 10 s apart), and what is looked at too late can
  /// be decided by a person alone.
  static let reconciliationsAtOnce = 8

  let pipeline: Pipeline
  let store: Store
  let time: Time
  let outcomes: OutcomeWriter
  /// Signalled when something may have been left at the sender that nobody will send.
  let sweepWakeup: Wakeup

  /// Runs until the task is cancelled.
  func run() async {
    let (wakeup, schedule) = (Wakeup(), ReconcileSchedule())
    await withDiscardingTaskGroup { group in
      group.addTask {
        for await _ in store.commits.listen() { wakeup.signal() }
      }
      while !Task.isCancelled {
        let now = time.uptime()
        do {
          let free = Self.reconciliationsAtOnce - schedule.underWay
          // What is found cannot be written while the store is in trouble. The end of that is no change that signals.
          guard await outcomes.troubled == nil else {
            try? await time.sleep(PipelineWorker.troubleLook)
            continue
          }
          if free > 0 {
            let unknown = try await store.unknowns(pipeline: pipeline.name, except: schedule.busy(at: now), limit: free)
            if unknown.count < free { schedule.forget(at: now, except: unknown) }
            for delivery in unknown {
              let sinceEnd = schedule.begin(delivery, at: now)
              group.addTask {
                schedule.end(delivery.id, next: await look(delivery, sinceEnd))
                wakeup.signal()
              }
            }
          }
          await wakeup.wait(atMost: schedule.next(after: now).map { $0 - now }, time)
        } catch {
          await outcomes.trouble(error)
          try? await time.sleep(PipelineWorker.troubleLook)
        }
      }
    }
  }

  /// - Returns: when to look again; nil: something was found.
  private func look(_ delivery: DueDelivery, _ sinceEnd: Duration) async -> Duration? {
    let result = await result(delivery, sinceEnd)
    if case .unknown(let wait) = result, !delivery.blocked { return time.uptime() + max(wait, .milliseconds(1)) }
    // A look that was cancelled has found nothing.
    guard !Task.isCancelled else { return nil }
    do {
      if let token = try await store.settle(delivery, result) { await discard(token) }
      switch result {
      case .unknown(let wait), .blocked(_, _, let wait): return time.uptime() + max(wait, .milliseconds(1))
      case .sent, .notSent, .ask: return nil
      }
    } catch {
      await outcomes.trouble(error)
      return time.uptime() + PipelineWorker.troubleLook
    }
  }

  private func discard(_ token: SendToken) async {
    let outcome = await uncancelled { await pipeline.send.discard(token) }
    if case .failed = outcome { sweepWakeup.signal() }
  }

  private func result(_ delivery: DueDelivery, _ sinceEnd: Duration) async -> ReconcileResult {
    guard let token = delivery.token else { return .ask(.answerLost, "no token") }
    return await pipeline.send.reconcile(
      token, pipeline.messageAgain(of: delivery, sha256: delivery.messageSHA256),
      UnknownAttempt(
        sinceSending: delivery.sendingSince?.elapsed(until: time.moment), sinceEnd: sinceEnd,
        resends: max(0, delivery.unknown - 1), mayHaveSent: delivery.unknown > 0))
  }
}
