import Foundation
import Synchronization

/// Threads for calls that block: files, hashing, fsync. Swift's own pool never waits for a disk.
package enum IOThread {
  /// A disk gains little from more calls at once, and a stalled network file system must not eat all threads.
  package static let maximumThreads = 4

  private static let pool = IOThreadPool(maximumThreads: maximumThreads)

  /// Runs the work on a thread of the pool, first come, first served, and returns what it returned.
  ///
  /// Hears no cancellation: work that was asked for is done.
  package static func run<Value: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let result: Result<Value, Failure> = await withCheckedContinuation { continuation in
      pool.add {
        do throws(Failure) {
          continuation.resume(returning: .success(try work()))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try result.get()
  }
}

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
