import Foundation
import Model
import Store

/// Writes down what the sender says that it waits for, so that every watcher sees why nothing goes on.
struct WaitLog: Sendable {
  let pipeline: Pipeline
  let store: Store
  let time: Time
  let outcomes: OutcomeWriter

  /// Runs until the task is cancelled, or the sender never says anything.
  func run() async {
    for await said in pipeline.send.waits {
      let now = time.now()
      let wait = said.map {
        Wait(
          code: $0.code, detail: $0.detail, since: now,
          until: $0.duration.map { now.addingTimeInterval($0.seconds) })
      }
      await write(wait)
    }
  }

  /// Again while the store is in trouble: what the sender says next, it may say hours later.
  private func write(_ wait: Wait?) async {
    while !Task.isCancelled {
      do {
        return try await store.note(wait, pipeline: pipeline.name)
      } catch {
        await outcomes.trouble(error)
        try? await time.sleep(PipelineWorker.troubleLook)
      }
    }
  }
}
