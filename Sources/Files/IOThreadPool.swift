import Foundation
import Synchronization

/// A queue of blocking work and the threads that take from it, started when there is first something to do.
///
/// The queue has no bound of its own: every entry belongs to a caller that waits, and those are bounded.
final class IOThreadPool: Sendable {
  private struct State {
    var queue: [@Sendable () -> Void] = []
    var threads = 0
    var idle = 0
  }

  private let maximumThreads: Int
  private let state = Mutex(State())
  private let available = DispatchSemaphore(value: 0)

  init(maximumThreads: Int) {
    self.maximumThreads = maximumThreads
  }

  func add(_ work: @escaping @Sendable () -> Void) {
    let startsThread = state.withLock { state in
      state.queue.append(work)
      guard state.idle < state.queue.count, state.threads < maximumThreads else { return false }
      state.threads += 1
      return true
    }
    if startsThread {
      Thread.detachNewThread { self.serve() }
    }
    available.signal()
  }

  private func serve() {
    while true {
      state.withLock { $0.idle += 1 }
      available.wait()
      let work = state.withLock { state in
        state.idle -= 1
        return state.queue.removeFirst()
      }
      work()
    }
  }
}
