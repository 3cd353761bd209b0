import Model
import Synchronization

/// Wakes one waiting loop. Rings while nobody waits are kept, as one.
final class Bell: Sendable {
  private struct State {
    var rung = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func ring() {
    let waiter = state.withLock { state in
      let waiter = state.waiter
      state.waiter = nil
      if waiter == nil { state.rung = true }
      return waiter
    }
    waiter?.resume()
  }

  /// Returns at the next ring, after the time, or when the task is cancelled.
  func wait(atMost limit: Duration?, _ time: Time) async {
    await withTaskGroup(of: Void.self) { group in
      if let limit {
        group.addTask {
          if (try? await time.sleep(limit)) != nil { self.ring() }
        }
      }
      await waitForRing()
      group.cancelAll()
    }
  }

  private func waitForRing() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isRung = state.withLock { state in
          let isRung = state.rung
          state.rung = false
          if !isRung { state.waiter = continuation }
          return isRung
        }
        if isRung { continuation.resume() }
      }
    } onCancel: {
      ring()
    }
  }
}
