import ArgumentParser
import Control

struct ResumeCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Let a paused job go on, and a sender in trouble try again.")

  @Argument(help: "The job's number.") var job: Int64
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    try context.show(try await context.connect().exchange(JobsInterface.Resume.self, .init(job: job)))
  }
}
