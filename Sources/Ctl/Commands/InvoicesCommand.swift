import ArgumentParser
import Control

struct InvoicesCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoices",
    abstract: "List the invoices in the catalogue and their status.")

  /// At most one of them.
  enum Eligibility: String, EnumerableFlag {
    case unsent, failed, unknown

    static func help(for value: Eligibility) -> ArgumentHelp? {
      switch value {
      case .unsent: "List only invoices that have not been sent."
      case .failed: "List only invoices whose newest delivery failed."
      case .unknown: "List only invoices for which it is unknown whether they were sent."
      }
    }
  }

  @OptionGroup(title: "Which invoices") var conditions: FilterOptions
  @Flag(exclusivity: .exclusive) var eligibility: Eligibility?
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    let status = eligibility.flatMap { JobsInterface.ListInvoices.Eligibility(rawValue: $0.rawValue) }
    let wording = context.wording
    var table = Table(
      (wording.number, .left), ("CCT", .left), (wording.period, .left), (wording.state, .left), (wording.job, .right),
      (wording.recipients, .left))
    // Those of the pages so far.
    var count = 0
    var filter = conditions.filter
    filter.limit = nil  // it bounds what a job takes; here it bounds the list
    let limit = conditions.limit ?? .max
    try await context.pages(
      of: JobsInterface.ListInvoices.self, list: "invoices",
      { .init(filter: filter, status: status, after: $0, limit: min(Context.pageSize, limit - count)) },
      next: { reply in
        count += reply.invoices.count
        return count < limit ? reply.next : nil
      }
    ) { values, reply in
      try context.print(json: values)
      guard !context.json, !reply.invoices.isEmpty else { return }
      for invoice in reply.invoices {
        table.add(
          invoice.number, invoice.cct, invoice.period.description, wording.status(invoice.status),
          invoice.job.map(String.init) ?? "", wording.addresses(invoice.to.map(\.address)))
      }
      try context.print(&table)
    }
    context.advise(wording.invoiceCount(count))
  }
}
