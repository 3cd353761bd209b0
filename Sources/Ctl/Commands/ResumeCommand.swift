import ArgumentParser
import Control

struct ResumeCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Resume a paused job, and let a held sender try again.")

  @Argument(help: "The job's number.") var job: Int64
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    try context.show(try await context.connect().exchange(JobsInterface.Resume.self, .init(job: job)))
  }
}
