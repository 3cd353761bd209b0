import Foundation

/// Writes log lines in order from a thread of its own, so that a stalled journal stops nobody.
///
/// At most `capacity` lines wait. Beyond that new lines are dropped and counted, and a line says how many once the
/// receiver takes lines again. One writer serves the whole process.
package final class LogWriter: Sendable {
  /// Lines that may wait: half a minute of a busy job, and well under a megabyte of lines as we write them.
  package static let defaultCapacity = 1_000

  private let queue: LogQueue

  /// - Parameter identifier: SYSLOG_IDENTIFIER of every line: the program's name.
  package convenience init(
    to destination: LogDestination = .detected(), identifier: String, capacity: Int = LogWriter.defaultCapacity
  ) {
    self.init(capacity: capacity) { destination.write($0, identifier: identifier) }
  }

  /// - Parameter write: Called on the writer's thread alone, one line after the other; may block.
  init(capacity: Int, write: @escaping @Sendable (LogEntry) -> Void) {
    let queue = LogQueue(capacity: capacity)
    self.queue = queue
    // The thread holds the queue and not this object, whose end then ends the thread.
    let thread = Thread {
      while let entry = queue.next() {
        write(entry)
        queue.markWritten()
      }
    }
    thread.name = "log"
    thread.start()
  }

  deinit { queue.close() }

  /// Returns at once, from any thread.
  func append(_ entry: LogEntry) { queue.append(entry) }

  /// Waits until no line waits any more, at most so long; false when time was up.
  ///
  /// Blocks the calling thread: for the very end of the process.
  @discardableResult
  package func flush(within limit: Duration) -> Bool { queue.waitUntilWritten(within: limit) }
}
