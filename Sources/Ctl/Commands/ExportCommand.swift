import ArgumentParser
import Control
import Model

struct ExportCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write deliveries with their receipts, for a spreadsheet or a program.",
    discussion: """
      Without JOB, the command exports the deliveries of all jobs. CSV is UTF-8 with a byte order mark, in the format \
      of RFC 4180. A value that a spreadsheet would execute as a formula is prefixed with an apostrophe. French and \
      Belgian versions of Excel open the file directly with --separator semicolon. JSON lines contain the daemon's own \
      values.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, jsonl }

  @Argument(help: "The job's number.") var job: Int64?
  @Option(help: ArgumentHelp("Export only invoices of this month: YYYY-MM, or last or current.", valueName: "period"))
  var period: String?
  @Option(help: ArgumentHelp("csv or jsonl. Default: csv, or with --json jsonl.", valueName: "format"))
  var format: Format?
  @Option(
    help: ArgumentHelp(
      "Separator between CSV fields: comma, semicolon or tab, or the character itself. Default: comma.",
      valueName: "name"),
    transform: { name in
      guard let separator = CSV.Separator(named: name) else { throw ValidationError("Unknown separator: \(name)") }
      return separator
    })
  var separator: CSV.Separator?
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if separator != nil && (format ?? (global.json ? .jsonl : .csv)) != .csv {
      throw ValidationError("--separator applies only to CSV.")
    }
  }

  func run(_ context: Context) async throws {
    // An unknown job would have no deliveries, and that would look like a job of nothing.
    if let job { _ = try await context.call(JobsInterface.GetJob.self, .init(job: job)) }
    switch format ?? (context.json ? .jsonl : .csv) {
    case .csv:
      let csv = CSV(separator: separator ?? .comma)
      try Output.write(CSV.byteOrderMark + csv.record(Delivery.exportedNames))
      try await context.deliveries(job: job, period: period) { _, deliveries in
        try Output.write(deliveries.map { csv.record($0.exported) }.joined())
      }
    case .jsonl:
      var context = context
      context.json = true
      try await context.deliveries(job: job, period: period) { values, _ in
        try context.print(json: values)
      }
    }
  }
}

/// The columns of `export`.
extension Delivery {
  static let exportedNames = [
    "job", "position", "number", "cct", "period", "file", "recipients", "state", "attempt", "code", "detail", "sent_at",
    "message", "thread", "account", "inferred", "updated_at",
  ]

  /// A value for each of `exportedNames`; times as RFC 3339 in UTC, several recipients with a comma between them.
  var exported: [String] {
    [
      "\(job)", "\(position)", number, cct, period.description, file, recipients.joined(separator: ", "),
      state.rawValue, "\(attempt)", code?.rawValue ?? "", detail ?? "", receipt.map { WireJSON.text(of: $0.at) } ?? "",
      receipt?.message ?? "", receipt?.thread ?? "", receipt?.account ?? "", receipt.map { "\($0.inferred)" } ?? "",
      WireJSON.text(of: updatedAt),
    ]
  }
}
