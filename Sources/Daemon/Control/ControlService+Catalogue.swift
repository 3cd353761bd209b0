import Control
import Model
import Store

extension ControlService {
  func listInvoices(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.ListInvoices.Parameters.self)
    let filter = try filter(parameters.filter ?? JobsInterface.Filter())
    let limit = try page(parameters.limit)
    try await call.reply {
      let entries = try await store.invoices(
        filter, status: parameters.status.flatMap { Store.Status(rawValue: $0.rawValue) }, after: parameters.after,
        limit: limit)
      return JobsInterface.ListInvoices.Reply(
        invoices: entries.map(JobsInterface.CatalogueInvoice.init),
        next: entries.hasMore ? entries.last?.invoice.number : nil)
    }
  }

  func getInvoice(_ call: VarlinkCall) async throws {
    let number = try call.parameters(as: JobsInterface.InvoiceNumber.self).number
    try await call.reply {
      let (entry, deliveries) = try await store.invoice(number)
      return JobsInterface.GetInvoice.Reply(
        invoice: JobsInterface.CatalogueInvoice(entry), deliveries: Array(deliveries))
    }
  }

  func holdInvoice(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.HoldInvoice.Parameters.self)
    guard !parameters.reason.isEmpty else { throw VarlinkError.invalidParameter("reason") }
    try await store.hold(invoice: parameters.number, reason: parameters.reason, by: await person(call))
    try await call.reply(Empty())
  }

  func releaseInvoice(_ call: VarlinkCall) async throws {
    let number = try call.parameters(as: JobsInterface.InvoiceNumber.self).number
    try await store.release(invoice: number, by: await person(call))
    try await call.reply(Empty())
  }

  func previewInvoice(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.PreviewInvoice.Parameters.self)
    let entry = try pipeline(parameters.pipeline)
    try await call.reply {
      let invoice = try await store.invoice(parameters.number).entry.invoice
      let message = try await entry.pipeline.render.render(invoice)
      return JobsInterface.PreviewInvoice.Reply(message: JobsInterface.RenderedMessage(message))
    }
  }
}

extension JobsInterface.CatalogueInvoice {
  init(_ entry: CatalogueEntry) {
    self.init(
      entry.invoice, sentAt: entry.markedSentAt, held: entry.held, status: Self.status(entry), job: entry.delivery?.job)
  }

  /// A delivery that has the invoice says more than a mark, and a mark more than one that is over.
  private static func status(_ entry: CatalogueEntry) -> String {
    let newest = entry.delivery?.state
    if let newest, newest.claims { return newest.rawValue }
    if entry.held != nil { return "held" }
    if entry.markedSentAt != nil { return "marked_sent" }
    return newest?.rawValue ?? "due"
  }
}
