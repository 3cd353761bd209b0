import ArgumentParser
import Control

struct CancelCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: "Cancel a job: mails that are being sent are finished, and the rest is not begun.")

  @Argument(help: "The job's number.") var job: Int64
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    try context.show(try await context.connect().exchange(JobsInterface.Cancel.self, .init(job: job)))
  }
}
