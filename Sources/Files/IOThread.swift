import Foundation

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
