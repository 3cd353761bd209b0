import Files
import Foundation
import Model
import Store

/// One delivery's way through its pipeline, from top to bottom: admit → render → prepare → commit → send → commit.
/// `Recorder` does the rest. docs/flow.md tells it in words.
struct DeliveryRun: Sendable {
  /// What an attempt sends.
  private struct Prepared {
    var token: SendToken
    /// Nil: an older version of invoiced prepared it, and did not say.
    var messageSHA256: String?
  }

  let pipeline: Pipeline
  let store: Store
  let time: Time
  let outcomes: OutcomeWriter
  /// Signalled when something may have been left at the sender that nobody will send.
  let sweepWakeup: Wakeup

  /// Does one delivery as far as it goes now. Never throws: whatever goes wrong is written down with the delivery.
  ///
  /// Cancelling the task ends it before the irreversible step; once that has begun it is finished and written.
  func run(_ delivery: DueDelivery) async {
    do {
      // The sender has missed so often what was in its place each time: nothing but failing is left.
      if delivery.token != nil, delivery.tries >= pipeline.backoff.attempts {
        let words = "refused as not found, although it is there: \(delivery.tries) attempt(s)"
        return await beforeSending(delivery, StageError(.serverError, words, .reject))
      }
      try await pipeline.send.admit()
      let prepared = try await prepare(delivery)
      guard try await begin(delivery, prepared) else { return }
      let outcome = await pipeline.send.send(
        prepared.token, pipeline.messageAgain(of: delivery, sha256: prepared.messageSHA256), for: delivery.context,
        after: delivery.unknown > 0 ? .unknown : .none)
      let result = result(of: outcome, delivery)
      // A test tells nobody that something was sent.
      let isRecorded = pipeline.record.isEmpty || delivery.testTo != nil
      if let discarded = await outcomes.write(delivery, result, isRecorded: isRecorded) { await discard(discarded) }
    } catch let error as StageError {
      await beforeSending(delivery, error)
    } catch {
      // The store could not be read or written, and nothing irreversible has begun.
      await outcomes.trouble(error)
    }
  }

  // MARK: Before

  /// What an earlier attempt prepared is used again: never two drafts of one delivery.
  private func prepare(_ delivery: DueDelivery) async throws -> Prepared {
    if let token = delivery.token { return Prepared(token: token, messageSHA256: delivery.messageSHA256) }
    let message = try await pipeline.message(of: delivery)
    let sha256 = try message.sha256()
    return Prepared(token: try await pipeline.send.prepare(message, for: delivery.context), messageSHA256: sha256)
  }

  /// Commits `sending`. False: the delivery is not to be sent now, and what was prepared for it is taken back.
  private func begin(_ delivery: DueDelivery, _ prepared: Prepared) async throws -> Bool {
    let decision = try await decide(delivery, prepared)
    switch decision {
    case .go: return true
    case .skipped: await discard(prepared.token)
    case .notNow, .storeHeld, .dailyLimit:
      if delivery.token == nil { await discard(prepared.token) }
    }
    if case .dailyLimit(let until) = decision {
      try await store.hold(pipeline: pipeline.name, .daily, .dailyLimit, "", until: until)
    }
    return false
  }

  /// Asks the store until it answers. A commit that failed may stand on the disk all the same, when a sync failed: so
  /// the token is neither discarded nor replaced before the store has answered for certain. A runner that has to end
  /// before that leaves the question to the next one: nothing was sent, and the delivery must not stay in `sending`.
  private func decide(_ delivery: DueDelivery, _ prepared: Prepared) async throws -> SendingDecision {
    guard !Task.isCancelled else { return .notNow }
    var mayStand = false
    while true {
      if await outcomes.probe() {
        let decision = await tryToBegin(delivery, prepared)
        if let decision, decision != .storeHeld { return decision }
        if decision == nil { mayStand = true }
      }
      do {
        try await time.sleep(PipelineWorker.troubleLook)
      } catch {
        if mayStand {
          await outcomes.giveUp(.init(delivery: delivery, token: prepared.token, pipeline: pipeline.name))
        }
        throw error
      }
    }
  }

  /// Nil: the store is in trouble.
  private func tryToBegin(_ delivery: DueDelivery, _ prepared: Prepared) async -> SendingDecision? {
    do {
      let traits = pipeline.send.traits
      return try await store.beginSending(
        delivery, token: prepared.token, messageSHA256: prepared.messageSHA256, delivers: traits.delivers,
        messagesPerDay: traits.messagesPerDay)
    } catch {
      await outcomes.trouble(error)
      return nil
    }
  }

  /// An error before anything irreversible began.
  private func beforeSending(_ delivery: DueDelivery, _ error: StageError) async {
    if error.mayHaveLeft { sweepWakeup.signal() }
    guard !Task.isCancelled else { return }
    do {
      switch result(of: error, tries: delivery.tries) {
      case .failed(let code, let detail):
        try await store.fail(delivery.id, code, detail)
        if let token = delivery.token { await discard(token) }
      case .again(let code, let detail, let at, let counts):
        try await store.postpone(delivery.id, code, detail, until: at, counts: counts)
      case .held(let kind, let code, let detail, let until):
        try await store.hold(pipeline: pipeline.name, kind, code, detail, until: until)
      case .sent, .unknown, .missing: break
      }
    } catch {
      await outcomes.trouble(error)
    }
  }

  // MARK: After

  private func result(of outcome: SendOutcome, _ delivery: DueDelivery) -> SendingResult {
    switch outcome {
    case .sent(let receipt): .sent(receipt)
    case .unknown(let code, let detail): .unknown(code, detail, ask: false)
    case .missing(let code, let detail): .missing(code, detail)
    case .ask(let code, let detail): .unknown(code, detail, ask: true)
    case .notSent(let error): result(of: error, tries: delivery.tries)
    }
  }

  /// What an error means for a delivery that was not sent, and has failed so often before.
  private func result(of error: StageError, tries: Int) -> SendingResult {
    let now = time.now()
    switch error.meaning {
    case .reject:
      return .failed(error.code, error.detail)
    case .wait(let duration):
      return .again(error.code, error.detail, at: now.addingTimeInterval(duration.seconds), counts: false)
    case .hold(.daily):
      let until = now.addingTimeInterval(pipeline.send.traits.dailyLookAgain.seconds)
      return .held(.daily, error.code, error.detail, until: until)
    case .hold:
      // Whatever else holds a sender is ended by a person, a reload or a restart.
      return .held(.sender, error.code, error.detail, until: nil)
    case .retry(let after):
      guard tries + 1 < pipeline.backoff.attempts else { return .failed(error.code, error.detail) }
      let wait = after ?? pipeline.backoff.wait(after: tries + 1)
      return .again(error.code, error.detail, at: now.addingTimeInterval(wait.seconds), counts: true)
    }
  }

  /// Also when the daemon stops: nobody is to find the draft and send it by hand.
  private func discard(_ token: SendToken) async {
    let outcome = await uncancelled { [pipeline] in await pipeline.send.discard(token) }
    if case .failed = outcome { sweepWakeup.signal() }
  }
}
