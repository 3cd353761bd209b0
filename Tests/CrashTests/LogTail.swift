import Foundation
import TestSupport

/// Reads the sandbox's log as it grows; each line once.
final class LogTail {
  private let file: FileHandle
  private var rest = Data()

  /// Begins at the end that the log has now.
  init(_ sandbox: RunningSandbox) throws {
    file = try FileHandle(forReadingFrom: sandbox.state.appending(path: "log.jsonl"))
    try file.seekToEnd()
  }

  deinit { try? file.close() }

  /// The lines that are complete and were not read yet.
  func next() throws -> [LogLine] {
    rest += try file.readToEnd() ?? Data()
    guard let end = rest.lastIndex(of: 10) else { return [] }
    let lines = try rest[..<end].split(separator: 10).map { try JSONDecoder().decode(LogLine.self, from: $0) }
    rest = Data(rest[(end + 1)...])
    return lines
  }
}
