import Files
import Foundation
import Jobs
import Mail
import Model

/// A pipeline, and what is shown of it.
struct PipelineEntry: Sendable {
  var pipeline: Pipeline
  /// Name of the send stage in the configuration.
  var sender: String
  /// The key `series` of the configuration; nil: it has none.
  var series: String?
  var files: FileRoots

  /// Whether its deliveries claim their invoices in a real job.
  var delivers: Bool { pipeline.send.traits.delivers }

  /// Everything that can be known before the sender is asked: renders the mail, encodes it, reads its files.
  func check(_ invoice: Invoice, occasion: String) async throws(StageError) {
    let message = try await pipeline.render.render(
      invoice, for: .preview(pipeline: pipeline.name, occasion: occasion))
    let encoder = MailEncoder(
      from: Mailbox(address: "check@localhost.localdomain"), replyTo: [], date: Date(timeIntervalSince1970: 0),
      messageID: nil, headers: [], keepsBcc: true)
    try await IOThread.run { [files] () throws(StageError) in _ = try encoder.encode(message, files: files) }
  }
}
