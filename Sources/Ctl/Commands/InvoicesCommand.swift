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
    var count = 0
    var filter = conditions.filter
    filter.limit = nil  // it bounds what a job takes; here it bounds the list
    let limit = conditions.limit ?? .max
    try await context.pages(
      of: JobsInterface.ListInvoices.self, list: "invoices",
      { .init(filter: filter, status: status, after: $0, limit: min(Context.pageSize, limit - count)) },
      next: { count < limit ? $0.next : nil }
    ) { values, reply in
      for value in values { try context.print(json: value) }
      count += reply.invoices.count
      guard !context.json else { return }
      for invoice in reply.invoices {
        table.add(
          invoice.number, invoice.cct, invoice.period.description, wording.status(invoice.status),
          invoice.job.map(String.init) ?? "", wording.addresses(invoice.to.map(\.address)))
      }
    }
    guard !context.json else { return }
    if count > 0 { try context.print(table) }
    context.advise(wording.invoiceCount(count))
  }
}
