import Foundation
import Logging
import Synchronization

/// The lines that wait for the writer's thread: bounded, in order, with a count of what found no room.
final class LogQueue: Sendable {
  private struct State {
    var waiting: [LogEntry] = []
    /// Appended and not yet written, the one in the writer's hands included.
    var unwritten = 0
    var dropped = 0
    var isClosed = false
    /// Signalled when nothing is unwritten any more.
    var flushes: [DispatchSemaphore] = []
  }

  private let capacity: Int
  private let state = Mutex(State())
  /// Counts what `next` may look for: one for each line, one for the close.
  private let wakeups = DispatchSemaphore(value: 0)

  init(capacity: Int) { self.capacity = capacity }

  /// Never waits: without room the line is dropped and counted.
  func append(_ entry: LogEntry) {
    let isAccepted = state.withLock { state in
      guard state.unwritten < capacity, !state.isClosed else {
        state.dropped += 1
        return false
      }
      if state.dropped > 0 {
        state.waiting.append(Self.notice(ofDropped: state.dropped))
        state.unwritten += 1
        state.dropped = 0
        wakeups.signal()
      }
      state.waiting.append(entry)
      state.unwritten += 1
      return true
    }
    if isAccepted { wakeups.signal() }
  }

  /// Waits for the next line; nil when the queue is closed and empty. One thread alone calls it, and says
  /// `markWritten` after each.
  func next() -> LogEntry? {
    wakeups.wait()
    return state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
  }

  func markWritten() {
    let flushes = state.withLock { state -> [DispatchSemaphore] in
      state.unwritten -= 1
      if state.unwritten == 0 && state.dropped > 0 {
        state.waiting.append(Self.notice(ofDropped: state.dropped))
        state.unwritten = 1
        state.dropped = 0
        wakeups.signal()
      }
      guard state.unwritten == 0 else { return [] }
      defer { state.flushes = [] }
      return state.flushes
    }
    for flush in flushes { flush.signal() }
  }

  func waitUntilWritten(within limit: Duration) -> Bool {
    let flush = DispatchSemaphore(value: 0)
    let isWaiting = state.withLock { state in
      if state.unwritten > 0 { state.flushes.append(flush) }
      return state.unwritten > 0
    }
    guard isWaiting else { return true }
    let seconds = limit / .seconds(1)
    return flush.wait(timeout: .now() + seconds) == .success
  }

  /// No line is taken any more; those that wait are still written.
  func close() {
    state.withLock { $0.isClosed = true }
    wakeups.signal()
  }

  private static func notice(ofDropped count: Int) -> LogEntry {
    LogEntry(
      level: .warning, label: "log",
      message: "log lines dropped: \(count); the journal did not take them in time",
      metadata: ["dropped": "\(count)", "message_id": "\(MessageID.linesDropped.rawValue)"])
  }
}
