import ArgumentParser
import Control
import Foundation
import Model

/// `invoicectl`: starts jobs of invoiced, and watches them.
@main
struct Invoicectl: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoicectl",
    abstract: "Send invoices by e-mail, each exactly once, and watch the progress.",
    discussion: """
      Controls the daemon invoiced over its socket. The user must be a member of the group invoiced. First steps:

        invoicectl import invoices.csv
        invoicectl start --dry-run
        invoicectl start

      EXIT STATUS
        0    success, including when everything had already been sent
        1    the command line, an input file or the configuration is wrong
        2    some deliveries failed
        3    the request was refused, or nothing matched
        4    a delivery needs a manual decision (takes precedence over 2)
        5    the daemon cannot be reached
        6    the job is paused or cancelled, or not every invoice was sent
        130  interrupted with ^C; the job continues
      """,
    version: programVersion,
    groupedSubcommands: [
      CommandGroup(
        name: "Invoices",
        subcommands: [
          ImportCommand.self, InvoicesCommand.self, InvoiceCommand.self, PreviewCommand.self, HoldCommand.self,
          ReleaseCommand.self,
        ]),
      CommandGroup(
        name: "Jobs",
        subcommands: [
          StartCommand.self, WatchCommand.self, JobsCommand.self, ShowCommand.self, HistoryCommand.self,
          ExportCommand.self,
          PauseCommand.self, ResumeCommand.self, CancelCommand.self, RetryCommand.self, ResolveCommand.self,
        ]),
      CommandGroup(name: "Daemon", subcommands: [StatusCommand.self, BackupCommand.self, WebCommand.self]),
    ])

  @OptionGroup var global: GlobalOptions

  /// Runs the command that the arguments name, and ends the process with one of `ExitStatus`.
  static func main() async {
    var global: GlobalOptions?
    do {
      var command = try parseAsRoot()
      global = (command as? any ClientCommand)?.global
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      leave(error, global)
    }
  }

  private static func leave(_ error: any Error, _ global: GlobalOptions?) -> Never {
    if let ending = error as? Ending { Foundation.exit(ending.status.rawValue) }
    guard let global, !(error is ValidationError) else {
      // argument-parser's own: usage errors and, with status 0, --help and --version.
      let isWell = exitCode(for: error).isSuccess
      let message = fullMessage(for: error)
      if isWell {
        print(message)
      } else if CommandLine.arguments.contains("--json") {
        let line = try? WireJSON.encode(["error": "Usage", "message": Self.message(for: error)])
        Output.note(line.map { String(decoding: $0, as: UTF8.self) } ?? message)
      } else {
        Output.note(message)
      }
      Foundation.exit(isWell ? ExitStatus.success.rawValue : ExitStatus.usage.rawValue)
    }
    let context = Context(global)
    let failure = Failure(error, path: context.socketPath, context.wording)
    Output.note(context.message("error", code: failure.code, failure.message))
    Foundation.exit(failure.status.rawValue)
  }
}

extension Language: ExpressibleByArgument {}
