import ArgumentParser
import Control
import Model

struct PreviewCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview",
    abstract: "Show the mail that would be sent for an invoice now.",
    discussion: "Nothing is sent. The text is shown in full, an attachment by its name, type and size.")

  @Argument(help: "The invoice's number.") var number: String
  @Option(help: ArgumentHelp("Use the templates of this pipeline.", valueName: "name")) var pipeline: String?
  @Flag(help: "Print the HTML body instead, so that it can be saved and opened in a browser.") var html = false
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    let reply = try await context.connect().exchange(
      JobsInterface.PreviewInvoice.self, .init(number: number, pipeline: pipeline))
    if context.json {
      guard let message = reply.fields["message"] else { return }
      return try context.print(json: message)
    }
    let message = reply.parameters.message
    if html {
      guard let body = message.html else { throw Failure(.refused, "NoHTML", context.wording.noHTML) }
      return try Output.write(context.terminal.draws ? body.printableLines : body)
    }
    try show(message, context)
  }

  private func show(_ message: JobsInterface.RenderedMessage, _ context: Context) throws {
    let wording = context.wording
    let mailboxes = { (list: [Mailbox]) in list.map(wording.mailbox).joined(separator: ", ") }
    var facts = Facts()
    facts.add(wording.to, mailboxes(message.to))
    facts.add("Cc", mailboxes(message.cc))
    facts.add("Bcc", mailboxes(message.bcc))
    facts.add(wording.subject, message.subject)
    for file in message.attachments {
      facts.add(wording.attachment, "\(file.name) (\(file.contentType), \(wording.size(file.sizeInBytes)))")
    }
    if message.html != nil { facts.add("HTML", wording.hasHTML) }
    for line in facts.lines { try context.print(line) }
    try Output.write("\n" + message.text.printableLines + (message.text.hasSuffix("\n") ? "" : "\n"))
  }
}
