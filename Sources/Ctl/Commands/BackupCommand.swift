import ArgumentParser
import Control
import Foundation
import Model

struct BackupCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the database into a file while the daemon keeps running.",
    discussion: """
      The copy is consistent, verified, and a single SQLite file. Only you can read it, because it contains addresses. \
      FILE appears under its name only once it is complete and on the disk. With -, the copy goes to standard output, \
      and the report to standard error.

      Exit status: 0 if FILE is complete, 1 if it cannot be written, 3 if the daemon refuses, 5 if the connection to \
      the daemon is lost.
      """)

  private struct Line: Encodable {
    var file: String
    var sizeInBytes: Int
    var sha256: String

    enum CodingKeys: String, CodingKey {
      case file, sha256
      case sizeInBytes = "size_in_bytes"
    }
  }

  @Argument(help: "The file to create, or - for standard output.", completion: .file()) var file: String
  @Flag(help: "Replace FILE if it exists.") var force = false
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    let content = try await received(context)
    let line =
      if context.json {
        String(
          decoding: try WireJSON.encode(Line(file: file, sizeInBytes: content.sizeInBytes, sha256: content.sha256)),
          as: UTF8.self)
      } else {
        context.wording.backedUp(file == "-" ? context.wording.standardOutput : file, content).printable
      }
    if file == "-" { Output.note(line) } else { try Output.write(line + "\n") }
  }

  /// ^C removes what arrived so far.
  private func received(_ context: Context) async throws -> BackupContent {
    let (name, replaces, wording) = (file, force, context.wording)
    return try await withThrowingTaskGroup(of: BackupContent.self) { group in
      group.addTask {
        try await context.receiveBackup {
          if name != "-" { return try BackupFile(name, replaces: replaces, wording) }
          if isatty(STDOUT_FILENO) == 1 { throw Failure(.usage, "OutputFailed", wording.backupOnTerminal) }
          return nil
        }
      }
      group.addTask {
        for await _ in Interrupts.first() { throw Ending(status: .interrupted) }
        throw CancellationError()
      }
      defer { group.cancelAll() }
      guard let content = try await group.next() else { throw CancellationError() }
      return content
    }
  }
}
