import Dispatch
import Foundation
import Synchronization

/// ^C (SIGINT), as something to wait for instead of something that ends the process.
final class Interrupts: Sendable {
  private let count = Atomic<Int>(0)

  private init() {}

  /// Yields at the first signal, and ends. A second signal ends the process at once: whoever reads this may be waiting
  /// for a terminal that takes no more output.
  static func first() -> AsyncStream<Void> {
    AsyncStream { continuation in
      let seen = Interrupts()
      let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
      source.setEventHandler {
        withExtendedLifetime(source) {  // the source lives as long as its handler: to the end of the process
          guard seen.count.add(1, ordering: .relaxed).oldValue == 0 else { _exit(ExitStatus.interrupted.rawValue) }
          continuation.yield()
          continuation.finish()
        }
      }
      source.resume()
    }
  }
}
