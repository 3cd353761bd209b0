import ArgumentParser
import Control
import Model

struct WatchCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "Watch a job: show its newest lines, and then every later one.",
    discussion: """
      Without JOB, the command watches the newest unfinished job or, if all are finished, the newest one. It returns \
      when the job is completed or cancelled, or needs a manual decision. It keeps watching a paused job, and a job \
      for which the daemon is looking up what became of a mail. ^C ends the command, but not the job.
      """)

  @Argument(help: "The job's number.") var job: Int64?

  @Option(
    help: ArgumentHelp("Resume after this event (its id in the output of --json).", valueName: "event"),
    transform: { text in
      guard EventID(text) != nil else { throw ValidationError("Not an event's id: \(text)") }
      return text
    })
  var after: String?

  @OptionGroup var reconnectTimeout: ReconnectTimeout
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    let job: Int64
    if let given = self.job { job = given } else { job = try await newest(context) }
    try await JobFollower.show(job, after: after, context, patience: reconnectTimeout.duration, leavesOnHold: false)
  }

  private func newest(_ context: Context) async throws -> Int64 {
    let daemon = try await context.connect()
    let unfinished = try await daemon.call(JobsInterface.GetStatus.self, Empty()).jobs
    if let job = unfinished.map(\.id).max() { return job }
    let jobs = try await daemon.call(JobsInterface.ListJobs.self, .init(limit: 1)).jobs
    guard let job = jobs.first else { throw Failure(.refused, "NoJob", context.wording.noJob) }
    return job.id
  }
}
