import Model
import Synchronization

/// Wakes one waiting loop. Signals while nobody waits are kept, as one.
final class Wakeup: Sendable {
  private struct State {
    var signalled = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  func signal() {
    let waiter = state.withLock { state in
      let waiter = state.waiter
      state.waiter = nil
      if waiter == nil { state.signalled = true }
      return waiter
    }
    waiter?.resume()
  }

  /// Returns at the next signal, after the time, or when the task is cancelled.
  func wait(atMost limit: Duration?, _ time: Time) async {
    await withTaskGroup(of: Void.self) { group in
      if let limit {
        group.addTask {
          if (try? await time.sleep(limit)) != nil { self.signal() }
        }
      }
      await waitForSignal()
      group.cancelAll()
    }
  }

  private func waitForSignal() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let wasSignalled = state.withLock { state in
          let wasSignalled = state.signalled
          state.signalled = false
          if !wasSignalled { state.waiter = continuation }
          return wasSignalled
        }
        if wasSignalled { continuation.resume() }
      }
    } onCancel: {
      signal()
    }
  }
}
