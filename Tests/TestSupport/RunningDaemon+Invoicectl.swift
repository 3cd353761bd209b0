import Foundation

/// What a program that has ended left.
package struct Finished: Sendable {
  package let status: CInt
  package let output: String
  package let errors: String

  /// The last line of its output.
  package var lastLine: String { output.split(separator: "\n").last.map(String.init) ?? "" }

  /// Its output as JSON lines of this type; lines of another one are left out.
  package func lines<Value: Decodable>(_ type: Value.Type) -> [Value] {
    output.split(separator: "\n").compactMap { try? JSONDecoder().decode(type, from: Data($0.utf8)) }
  }
}

extension RunningDaemon {
  /// Begins `invoicectl`, without a terminal.
  package func begin(
    _ arguments: [String], on socket: String? = nil, locale: String = "fr", input: Data? = nil
  ) throws -> RunningProgram {
    try RunningProgram(
      "invoicectl", arguments + ["--socket", socket ?? self.socket, "--locale", locale], folder: inbox.path,
      input: input)
  }

  /// Runs `invoicectl` to its end.
  @discardableResult
  package func ctl(
    _ arguments: String..., on socket: String? = nil, locale: String = "fr", input: Data? = nil,
    within limit: Duration = patience
  ) async throws -> Finished {
    let program = try begin(arguments, on: socket, locale: locale, input: input)
    let status = try await program.end(within: limit)
    return Finished(status: status, output: program.output, errors: program.errors)
  }

  /// Writes these invoices and imports them. Throws when they are not taken.
  package func imports(_ invoices: [SampleInvoice]) async throws {
    let result = try await ctl("import", try inbox.write(invoices))
    guard result.status == 0 else { throw NotInTime("an import: \(result.output) \(result.errors)") }
  }
}
