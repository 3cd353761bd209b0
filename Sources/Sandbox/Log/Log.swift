import Foundation
import Synchronization

/// `log.jsonl`: everything that happened, a line each, in order. It is the oracle of the tests.
///
/// A line is in the file (though not forced to the disk) when `append` returns.
final class Log: Sendable {
  private struct State {
    var seq = 0
    var arrivals = 0
    var calls: [String: Int] = [:]
  }

  private let output: FileHandle
  private let state = Mutex(State())

  /// Appends to a file that is there; `seq` begins at 1 again.
  init(file: URL) throws {
    if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
    output = try FileHandle(forWritingTo: file)
    try output.seekToEnd()
  }

  /// The number of a call that begins.
  func arrival() -> Int {
    state.withLock { state in
      state.arrivals += 1
      return state.arrivals
    }
  }

  func append(_ line: CallLine) {
    append("call", line) { state in state.calls[line.call?.rawValue ?? "none", default: 0] += 1 }
  }

  func append(_ line: DeliveredLine) { append("delivered", line) }

  func append(_ line: PersonLine) { append("person", line) }

  /// How often each call ended, by name.
  var calls: [String: Int] { state.withLock { $0.calls } }

  private func append(_ event: String, _ body: some Encodable, count: (inout State) -> Void = { _ in }) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    state.withLock { state in
      state.seq += 1
      count(&state)
      do {
        let line = try encoder.encode(Line(seq: state.seq, time: Date(), event: event, body: body))
        try output.write(contentsOf: line + Data("\n".utf8))
      } catch {
        // An oracle with a hole is worse than none.
        FileHandle.standardError.write(Data("invoiced-sandbox: cannot write the log: \(error)\n".utf8))
        exit(EXIT_FAILURE)
      }
    }
  }
}
