import CSystemd
import Foundation

/// Where log lines go.
package enum LogDestination: Sendable, Hashable {
  /// The journal, with fields, in its native protocol (sd_journal_sendv(3)).
  case journal
  /// stderr, a line each, with the priority in front: `<6>…` (sd-daemon(3)). For containers and log files.
  case prefixedLines
  /// stderr, a line each, for somebody who looks at it.
  case plainLines

  /// The choice for this process: the journal when stderr is connected to it, as the service manager says with
  /// `$JOURNAL_STREAM` (systemd.exec(5)); else plain lines on a terminal, and prefixed ones anywhere else.
  ///
  /// So the journal is used only by a service, and whoever redirects stderr finds the lines there.
  package static func detected() -> LogDestination {
    if isJournal(STDERR_FILENO, stream: ProcessInfo.processInfo.environment["JOURNAL_STREAM"]) { return .journal }
    return isatty(STDERR_FILENO) == 1 ? .plainLines : .prefixedLines
  }

  /// Whether the descriptor is the one that `stream` (`<device>:<inode>`, decimal) names. The variable is inherited
  /// by children whose stderr goes elsewhere; that is why it has to match.
  static func isJournal(_ descriptor: CInt, stream: String?) -> Bool {
    guard let parts = stream?.split(separator: ":"), parts.count == 2, let device = UInt64(parts[0]),
      let inode = UInt64(parts[1])
    else { return false }
    var status = stat()
    return fstat(descriptor, &status) == 0 && UInt64(status.st_dev) == device && UInt64(status.st_ino) == inode
  }

  /// Blocks while the receiver stalls. What the journal refuses goes to stderr, so that it is not lost in silence.
  func write(_ entry: LogEntry, identifier: String) {
    switch self {
    case .journal:
      if Self.sendToJournal(entry.journalFields(identifier: identifier)) < 0 {
        Self.writeLine(entry.text(prefixed: true))
      }
    case .prefixedLines: Self.writeLine(entry.text(prefixed: true))
    case .plainLines: Self.writeLine(entry.text(prefixed: false))
    }
  }

  /// 0, or a negative errno.
  private static func sendToJournal(_ fields: [String]) -> CInt {
    var bytes: [UInt8] = []
    let ranges = fields.map { field in
      let start = bytes.count
      bytes.append(contentsOf: field.utf8)
      return start..<bytes.count
    }
    return bytes.withUnsafeMutableBytes { buffer in
      // sd_journal_sendv copies the bytes before it returns; the pointers live as long as this closure.
      let vectors = ranges.map { iovec(iov_base: buffer.baseAddress?.advanced(by: $0.lowerBound), iov_len: $0.count) }
      return sd_journal_sendv(vectors, CInt(vectors.count))
    }
  }

  /// One write where the receiver takes it whole, so that lines of several processes do not mix.
  private static func writeLine(_ line: String) {
    var rest = Array("\(line)\n".utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return }  // stderr is closed or full for good: there is nowhere left to say so.
      rest = rest.dropFirst(count)
    }
  }
}
