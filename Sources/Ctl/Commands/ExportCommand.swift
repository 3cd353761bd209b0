import ArgumentParser
import Control
import Model

struct ExportCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write deliveries with their receipts, for a spreadsheet or a program.",
    discussion: """
      Without JOB the deliveries of all jobs. CSV is UTF-8 with commas as RFC 4180 writes it; a value that a \
      spreadsheet would run as a formula gets an apostrophe before it. JSON lines are the daemon's own values.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, jsonl }

  @Argument(help: "The job's number.") var job: Int64?
  @Option(help: ArgumentHelp("Only invoices of this month: YYYY-MM, or last or current.", valueName: "period"))
  var period: String?
  @Option(help: ArgumentHelp("csv or jsonl. Default: csv, with --json jsonl.", valueName: "format"))
  var format: Format?
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    // An unknown job would have no deliveries, and that would look like a job of nothing.
    if let job { _ = try await context.call(JobsInterface.GetJob.self, .init(job: job)) }
    switch format ?? (context.json ? .jsonl : .csv) {
    case .csv:
      try Output.write(CSV.record(Delivery.exportedNames))
      try await context.deliveries(job: job, period: period) { _, deliveries in
        try Output.write(deliveries.map { CSV.record($0.exported) }.joined())
      }
    case .jsonl:
      var context = context
      context.json = true
      try await context.deliveries(job: job, period: period) { values, _ in
        for value in values { try context.print(json: value) }
      }
    }
  }
}
