import Foundation
import Logging
import Synchronization
import Testing

@testable import Systemd

/// Takes lines like a journal that can be stalled.
private final class Receiver: Sendable {
  let lines = Mutex<[String]>([])
  let gate = DispatchSemaphore(value: 0)
  let arrived = DispatchSemaphore(value: 0)

  func write(_ entry: LogEntry) {
    arrived.signal()
    gate.wait()
    lines.withLock { $0.append(entry.text(prefixed: true)) }
  }

  func open(for count: Int) { for _ in 0..<count { gate.signal() } }
}

/// Keeps what it is given.
private final class Sink: Sendable {
  let entries = Mutex<[LogEntry]>([])

  func write(_ entry: LogEntry) { entries.withLock { $0.append(entry) } }
}

@Suite("The log writer", .timeLimit(.minutes(1)))
struct LogWriterTests {
  private static let longWait = Duration.seconds(30)

  @Test("keeps the order and waits for the last line")
  func order() {
    let receiver = Receiver()
    receiver.open(for: 200)
    let writer = LogWriter(capacity: 1_000, write: receiver.write)
    for number in 1...200 { writer.append(LogEntry(level: .info, label: "a", message: "\(number)")) }
    #expect(writer.flush(within: Self.longWait))
    #expect(receiver.lines.withLock { $0 } == (1...200).map { "<6>a: \($0)" })
  }

  @Test("drops what finds no room, and says how many afterwards")
  func drops() {
    let receiver = Receiver()
    let writer = LogWriter(capacity: 3, write: receiver.write)
    writer.append(LogEntry(level: .info, label: "a", message: "1"))
    receiver.arrived.wait()
    for number in 2...10 { writer.append(LogEntry(level: .info, label: "a", message: "\(number)")) }
    #expect(!writer.flush(within: .milliseconds(10)))
    receiver.open(for: 4)
    #expect(writer.flush(within: Self.longWait))
    #expect(
      receiver.lines.withLock { $0 } == [
        "<6>a: 1", "<6>a: 2", "<6>a: 3",
        "<4>log: log lines dropped: 7; the journal did not take them in time dropped=7",
      ])
  }

  @Test("says what was dropped before the next line that it takes")
  func noticeBeforeNext() {
    let receiver = Receiver()
    let writer = LogWriter(capacity: 2, write: receiver.write)
    writer.append(LogEntry(level: .info, label: "a", message: "1"))
    receiver.arrived.wait()
    for number in 2...3 { writer.append(LogEntry(level: .info, label: "a", message: "\(number)")) }
    receiver.open(for: 1)
    receiver.arrived.wait()
    writer.append(LogEntry(level: .info, label: "a", message: "4"))
    receiver.open(for: 3)
    #expect(writer.flush(within: Self.longWait))
    #expect(
      receiver.lines.withLock { $0 } == [
        "<6>a: 1", "<6>a: 2",
        "<4>log: log lines dropped: 1; the journal did not take them in time dropped=1",
        "<6>a: 4",
      ])
  }

  @Test("never makes a caller wait for a stalled journal")
  func callers() {
    let receiver = Receiver()
    let writer = LogWriter(capacity: 10, write: receiver.write)
    let start = ContinuousClock.now
    for number in 1...10_000 { writer.append(LogEntry(level: .info, label: "a", message: "\(number)")) }
    #expect(start.duration(to: .now) < .seconds(5))
    receiver.open(for: 20)
    #expect(writer.flush(within: Self.longWait))
    #expect(receiver.lines.withLock { $0.count } == 11)
  }

  @Test("writes what waits when it is let go, and ends its thread")
  func end() {
    let receiver = Receiver()
    let queue = LogQueue(capacity: 10)
    for number in 1...3 { queue.append(LogEntry(level: .info, label: "a", message: "\(number)")) }
    queue.close()
    queue.append(LogEntry(level: .info, label: "a", message: "late"))
    receiver.open(for: 3)
    while let entry = queue.next() {
      receiver.write(entry)
      if receiver.lines.withLock({ $0.count }) == 3 { break }
    }
    #expect(queue.next() == nil)
    #expect(receiver.lines.withLock { $0 } == (1...3).map { "<6>a: \($0)" })
  }

  @Test("gets label, level, place and the nearest metadata from a logger")
  func handler() {
    let sink = Sink()
    let writer = LogWriter(capacity: 10, write: sink.write)
    var handler = JournalLogHandler(label: "invoices", writer: writer)
    handler.metadata = ["job": "1", "pipeline": "invoices"]
    handler.metadataProvider = .init { ["job": "2", "delivery": "5"] }
    var logger = Logger(label: "invoices") { _ in handler }
    logger.logLevel = .notice
    logger.info("below the level")
    logger.warning("hello", metadata: .id(.held).merging(["delivery": "6"]) { $1 }, line: 7)
    #expect(writer.flush(within: Self.longWait))
    let seen = sink.entries.withLock { $0 }
    #expect(seen.map(\.message) == ["hello"])
    #expect(seen.map(\.label) == ["invoices"])
    #expect(seen.map(\.messageID) == [MessageID.held.rawValue])
    #expect(seen.map(\.line) == [7])
    #expect(seen.first?.file == "SystemdTests/LogWriterTests.swift")
    #expect(seen.first?.fields.map { "\($0.name)=\($0.value)" } == ["delivery=6", "job=2", "pipeline=invoices"])
  }
}
