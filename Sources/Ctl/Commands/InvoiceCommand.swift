import ArgumentParser
import Control
import Model

struct InvoiceCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoice",
    abstract: "Show one invoice: its content, and the jobs that sent it or tried to.")

  @Argument(help: "The invoice's number.") var number: String
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    let reply = try await context.connect().exchange(JobsInterface.GetInvoice.self, .init(number: number))
    if context.json { return try context.print(json: reply.fields) }
    let wording = context.wording
    let invoice = reply.parameters.invoice
    let mailboxes = { (list: [Mailbox]) in list.map(wording.mailbox).joined(separator: ", ") }
    var facts = Facts()
    facts.add(wording.invoiceLabel, invoice.number)
    facts.add(wording.state, wording.status(invoice.status))
    facts.add(wording.heldLabel, invoice.held)
    facts.add(wording.sentAtLabel, invoice.sentAt.map(wording.time))
    facts.add("CCT", invoice.cct)
    facts.add(wording.period, invoice.period.description)
    facts.add(wording.to, mailboxes(invoice.to))
    facts.add("Cc", mailboxes(invoice.cc))
    facts.add("Bcc", mailboxes(invoice.bcc))
    for (index, file) in ([invoice.file] + invoice.attachments).enumerated() {
      facts.add(
        index == 0 ? wording.file : wording.attachment, "\(file.path) (\(wording.size(file.sizeInBytes)))")
    }
    facts.add(wording.languageLabel, invoice.language)
    for (name, value) in invoice.fields.sorted(by: { $0.key < $1.key }) { facts.add(name, value) }
    for line in facts.lines { try context.print(line) }
    guard !reply.parameters.deliveries.isEmpty else { return }
    try context.print("")
    var table = wording.deliveryTable(withJob: true)
    for delivery in reply.parameters.deliveries { wording.add(delivery, to: &table, withJob: true) }
    try context.print(&table)
  }
}
