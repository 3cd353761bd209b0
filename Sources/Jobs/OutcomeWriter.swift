import Foundation
import Logging
import Model
import Store

/// Writes outcomes of sends, and keeps those that cannot be written: in memory, tried again until the store takes them.
/// As long as the store is in trouble nothing new is sent.
package actor OutcomeWriter {
  /// What is wrong with the store. It cannot be written there as a hold, so it is shown from here.
  package struct Trouble: Sendable, Hashable {
    package var error: StoreError
    package var since: Date

    /// As a hold says it; the disk's own words where they say more than the code.
    package var reason: (code: ErrorCode, detail: String) {
      error == .full ? (.storeFull, "") : (.storeFailed, error.words)
    }
  }

  /// An attempt whose `sending` may stand, although nothing was sent of it.
  struct GivenUp: Sendable {
    var delivery: DueDelivery
    var token: SendToken
    var pipeline: String
  }

  private let store: Store
  private let time: Time
  private let log: Logger
  private var kept = 0
  private var givenUp: [GivenUp] = []

  /// Whether there are outcomes that are not on the disk yet.
  package var isWriting: Bool { kept > 0 }

  /// Why nothing new may be sent; nil: all is well.
  package private(set) var troubled: Trouble?

  package init(store: Store, time: Time, log: Logger) {
    self.store = store
    self.time = time
    self.log = log
  }

  /// Returns when the outcome is on the disk, however long that takes, and whether or not the task is cancelled.
  ///
  /// - Parameter isRecorded: nobody is to be told of a receipt.
  /// - Returns: the token when it is to be discarded.
  func write(_ delivery: DueDelivery, _ result: SendingResult, isRecorded: Bool) async -> SendToken? {
    kept += 1
    defer { kept -= 1 }
    while true {
      do {
        let discarded = try await store.finishSending(delivery, result, isRecorded: isRecorded)
        recovered()
        return discarded
      } catch  where error.isTrouble {
        note(error)
      } catch {
        log.critical("delivery \(delivery.id): its outcome \(result) does not fit its state: \(error)")
        return nil
      }
      await uncancelled { [time] in _ = try? await time.sleep(PipelineWorker.troubleLook) }
    }
  }

  /// Keeps an attempt whose runner ends in the middle of its trouble with the store for `takeBack`. Where the process ends
  /// before that, the next start finds it in `sending`, and has it looked up.
  func giveUp(_ attempt: GivenUp) { givenUp.append(attempt) }

  /// Returns when every attempt that was given up is taken back, or the task is cancelled. For the runner that begins.
  ///
  /// - Returns: what is to be discarded, because its job was cancelled.
  func takeBack() async -> [PendingDiscard] {
    var left: [PendingDiscard] = []
    while let attempt = givenUp.first {
      do {
        if let token = try await store.takeBack(attempt.delivery, attempt.token) {
          left.append(PendingDiscard(pipeline: attempt.pipeline, token: token))
        }
        givenUp.removeFirst()
      } catch {
        note(error)
        guard (try? await time.sleep(PipelineWorker.troubleLook)) != nil else { break }
      }
    }
    return left
  }

  /// Notes that the store could not be read or written. What a cancelled task says is no trouble: its reads are
  /// interrupted.
  func trouble(_ error: any Error) {
    guard !(error is CancellationError), !Task.isCancelled else { return }
    note(error as? StoreError ?? .failed(String(describing: error)))
  }

  /// Tries a small write when there was trouble, or the room for outcomes is gone. True: sending may go on.
  ///
  /// False while an attempt that was given up is not taken back: begun again with the same draft, it could not be told from
  /// the one that is to be taken back, and its delivery would be free to be sent once more while it is being sent.
  func probe() async -> Bool {
    guard givenUp.isEmpty else { return false }
    guard troubled != nil || store.isShortOfRoom else { return true }
    // Outcomes first.
    guard kept == 0 else { return false }
    do {
      try await store.probe()
      recovered()
      return true
    } catch {
      note(error)
      return false
    }
  }

  private func note(_ error: StoreError) {
    if troubled == nil {
      log.critical("the store is in trouble, nothing new is sent until it recovers: \(error)")
    }
    troubled = Trouble(error: error, since: troubled?.since ?? time.now())
  }

  private func recovered() {
    guard troubled != nil, !store.isShortOfRoom else { return }
    troubled = nil
    log.notice("the store is well again; sending goes on")
  }
}
