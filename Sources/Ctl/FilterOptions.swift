import ArgumentParser
import Control

/// Which invoices a command takes.
struct FilterOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Invoices of this customer.", valueName: "code"))
  var cct: String?

  @Option(
    help: ArgumentHelp(
      "Invoices of this month: YYYY-MM, or last or current by the daemon's time zone.", valueName: "period"))
  var period: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Invoices with these numbers; several after one --number, or repeated.", valueName: "number"))
  var number: [String] = []

  @Option(help: ArgumentHelp("At most so many of them, in the order of their numbers.", valueName: "count"))
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
