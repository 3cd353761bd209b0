import Control
import Model
import Store

extension ControlService {
  func listInvoices(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.ListInvoices.Parameters.self)
    let filter = try filter(parameters.filter ?? JobsInterface.Filter())
    let limit = try page(parameters.limit)
    try await call.reply {
      let page = try await store.listInvoices(
        filter, status: parameters.status.flatMap { Store.Status(rawValue: $0.rawValue) }, after: parameters.after,
        limit: limit)
      return RawJSON(
        "invoices", page.map(\.json), next: page.hasMore ? page.last.map { JSON.string($0.place) } : nil)
    }
  }

  func getInvoice(_ call: VarlinkCall) async throws {
    let number = try call.parameters(as: JobsInterface.InvoiceNumber.self).number
    try await call.reply {
      let (invoice, deliveries) = try await store.listedInvoice(number)
      let list = deliveries.map(\.json).joined(separator: ",")
      return RawJSON(#"{"deliveries":[\#(list)],"invoice":\#(invoice.json)}"#)
    }
  }

  func holdInvoice(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.HoldInvoice.Parameters.self)
    let reason = try reason(parameters.reason, parameter: "reason")
    try await store.hold(invoice: parameters.number, reason: reason, by: await person(call))
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
      let invoice = try await store.invoice(parameters.number)
      let message = try await entry.pipeline.render.render(
        invoice, for: .preview(pipeline: entry.pipeline.name, occasion: ""))
      return JobsInterface.PreviewInvoice.Reply(message: JobsInterface.RenderedMessage(message))
    }
  }
}
