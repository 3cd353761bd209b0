import ArgumentParser
import Control

/// Which invoices a command takes.
struct FilterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Select the invoices of this customer.", valueName: "code"))
  var cct: String?

  @Option(
    help: ArgumentHelp(
      "Select the invoices of this month: YYYY-MM, or last or current in the daemon's time zone.", valueName: "period"))
  var period: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Select the invoices with these numbers; several may follow one --number.", valueName: "number"))
  var number: [String] = []

  @Option(help: ArgumentHelp("Select at most this many of them, in the order of their numbers.", valueName: "count"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
  }

  /// Whether there is a condition; a limit is none.
  var selects: Bool { filter.selects }

  var filter: JobsInterface.Filter {
    JobsInterface.Filter(cct: cct, period: period, numbers: number.isEmpty ? nil : number, limit: limit)
  }
}
