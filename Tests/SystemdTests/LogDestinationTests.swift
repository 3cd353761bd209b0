import Foundation
import Testing

@testable import Systemd

@Suite("The destination of log lines")
struct LogDestinationTests {
  @Test("is the journal only when $JOURNAL_STREAM names this very stderr")
  func journalStream() throws {
    var ends: [CInt] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    var status = stat()
    try #require(fstat(ends[1], &status) == 0)
    let name = "\(status.st_dev):\(status.st_ino)"
    #expect(LogDestination.isJournal(ends[1], stream: name))
    #expect(!LogDestination.isJournal(ends[1], stream: "\(status.st_dev):\(status.st_ino + 1)"))
    #expect(!LogDestination.isJournal(ends[1], stream: nil))
    for nonsense in ["", ":", "1", "x:y", "\(name):1", "-1:-1"] {
      #expect(!LogDestination.isJournal(ends[1], stream: nonsense))
    }
    #expect(!LogDestination.isJournal(-1, stream: name))
  }
}
