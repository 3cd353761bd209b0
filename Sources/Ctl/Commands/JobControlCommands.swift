import ArgumentParser
import Control
import Model

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

struct RetryCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Try a job's failed deliveries again, with the current content of the invoices.",
    discussion: "The job continues in the background; watch it with: invoicectl watch JOB")

  @Argument(help: "The job's number.") var job: Int64
  @Flag(help: "Also retry deliveries whose cause does not go away by itself, such as a refused address.")
  var includePermanent = false
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    let reply = try await context.connect().exchange(
      JobsInterface.Retry.self, .init(job: job, includePermanent: includePermanent))
    if context.json { return try context.print(json: reply.fields) }
    try context.print(context.wording.retried(reply.parameters.retried))
    try context.print(context.wording.job(reply.parameters.job))
    if reply.parameters.job.counts.failed > 0 { context.advise(context.wording.othersArePermanent) }
    if reply.parameters.retried > 0 { context.advise(context.wording.howToWatch(job)) }
  }
}
