import ArgumentParser
import Control
import Foundation
import Model

struct StartCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "start",
    abstract: "Send the invoices that are due.",
    discussion: """
      Without a filter, the command sends every invoice that is due: in the catalogue, not on hold, and neither sent \
      nor about to be sent by another job. Matching invoices that are left out are counted; unless all of them were \
      sent, the exit status is not 0. A number that is not in the catalogue is an error, and nothing starts. Starting \
      again never sends an invoice twice; failed deliveries are tried again.

      On a terminal, the command shows what it would do, and asks for confirmation. Without a terminal, or with \
      --json, it does not ask, and requires --cct, --period, --number or --all.

      It then shows each mail until the job is completed or cancelled, needs a manual decision, or has a hold that \
      only a person can end. It keeps waiting while the daemon is looking up what became of a mail. ^C leaves the job \
      running.
      """)

  @Argument(help: "The pipeline to use. Default: the only one, or the one named invoices.")
  var pipeline: String?

  @OptionGroup(title: "Which invoices") var conditions: FilterOptions

  @Flag(help: ArgumentHelp("Select every invoice that is due."))
  var all = false

  @Option(
    help: ArgumentHelp(
      "Send the same invoices again for another occasion, such as reminder-1. An invoice is sent once per occasion.",
      valueName: "name"))
  var occasion: String?

  @Option(
    help: ArgumentHelp(
      """
      For a new pipeline, if another one has already sent invoices: the series to continue, or new. On a terminal, the \
      command asks for it; see invoiced.yaml(5).
      """,
      valueName: "name"))
  var series: String?

  @Flag(help: "Select, render and check everything, but send nothing. Exit status 2: some deliveries would fail.")
  var dryRun = false

  @Option(
    help: ArgumentHelp("Send everything to this address only. No invoice counts as sent.", valueName: "address"))
  var testTo: String?

  @Flag(help: "Also send invoices that were already sent. Requires --reason.")
  var resend = false

  @Option(help: ArgumentHelp("The reason for sending them again, which is stored with the job.", valueName: "text"))
  var reason: String?

  @Flag(help: "Do not ask for confirmation.")
  var yes = false

  @Flag(help: "Do not wait: print the job's number and return.")
  var detach = false

  @Option(
    help: ArgumentHelp(
      """
      Identify this request, for programs that may have to repeat it. Repeating the id with the same arguments returns \
      the job that it started before. Default: a random id.
      """,
      valueName: "id"))
  var request: String?

  @OptionGroup var reconnectTimeout: ReconnectTimeout
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if resend != (reason != nil) { throw ValidationError("--resend and --reason require each other.") }
    if all && conditions.selects { throw ValidationError("--all cannot be combined with --cct, --period or --number.") }
    if dryRun && (detach || testTo != nil || resend || request != nil) {
      throw ValidationError("--dry-run cannot be combined with --detach, --test-to, --resend or --request.")
    }
  }

  func run(_ context: Context) async throws {
    if dryRun { return try await rehearse(context) }
    let asks = context.terminal.asks && !context.json
    guard asks || all || conditions.selects else {
      throw Failure(.usage, "Usage", context.wording.needsConditions)
    }
    var series = series
    if asks && !yes {
      guard let answer = try await Confirmation(selection: selection, testTo: testTo, resend: resend).ask(context)
      else {
        return
      }
      series = answer.series
    }
    let (job, beginning) = try await start(context, series: series)
    if detach { return try detach(from: job, context) }
    try await JobFollower.show(
      job.id, after: beginning, context, patience: reconnectTimeout.duration, leavesOnHold: true)
  }

  private var selection: JobsInterface.Selection {
    JobsInterface.Selection(
      pipeline: pipeline, filter: conditions.filter, occasion: occasion, testTo: testTo, series: series)
  }

  /// A job of nothing is over at once, and tells how it ended; of any other nobody knows yet.
  private func detach(from job: Job, _ context: Context) throws {
    if context.json {
      try context.print(json: job)
    } else {
      try context.print(context.wording.started(job))
      context.advise(context.wording.howToWatch(job.id))
    }
    let status = ExitStatus(state: job.state, counts: job.counts)
    if job.state.isFinished, status != .success { throw Ending(status: status) }
  }

  /// The job, and the name of the place before its first event.
  private func start(_ context: Context, series: String?) async throws -> (Job, after: String) {
    let parameters = JobsInterface.Start.Parameters(
      request: request ?? UUID().uuidString.lowercased(), pipeline: pipeline, filter: conditions.filter,
      all: conditions.selects ? nil : true, occasion: occasion, testTo: testTo, series: series, resendReason: reason)
    return try await context.retryOnDisconnect(within: reconnectTimeout.duration) { daemon in
      let job = try await daemon.call(JobsInterface.Start.self, parameters).job
      let epoch = try await daemon.call(JobsInterface.GetStatus.self, Empty()).epoch
      await daemon.close()
      return (job, after: EventID(epoch: epoch, sequence: 0).description)
    }
  }

  private func rehearse(_ context: Context) async throws {
    let daemon = try await context.connect()
    var end: (counts: Counts, others: [OtherJob])?
    for try await reply in try await daemon.stream(JobsInterface.DryRun.self, selection) {
      if context.json {
        try Output.write(reply.json + Data("\n".utf8))
      } else if let line = reply.parameters.delivery {
        try context.print(context.wording.dryRun(line))
        if let warning = reply.parameters.warning { try context.print(context.wording.dryRun(warning)) }
      }
      if let counts = reply.parameters.counts { end = (counts, reply.parameters.others ?? []) }
    }
    guard let (counts, others) = end else { throw VarlinkClient.Failure.connectionLost }
    if !context.json { try context.print(context.wording.dryRunEnd(counts, others)) }
    if counts.failed > 0 { throw Ending(status: .failed) }
  }
}
