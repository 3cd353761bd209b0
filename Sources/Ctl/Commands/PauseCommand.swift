import ArgumentParser
import Control

struct PauseCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Pause a job: mails that are being sent are finished, and no more are begun.")

  @Argument(help: "The job's number.") var job: Int64
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    try context.show(try await context.connect().exchange(JobsInterface.Pause.self, .init(job: job)))
  }
}
