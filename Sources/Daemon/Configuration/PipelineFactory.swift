import Files
import Foundation
import Jobs
import Mail
import Model
import Stages
import Store

/// Makes pipelines of their settings, stage by stage.
struct PipelineFactory {
  let builtin: Builtin
  let files: FileRoots

  /// Throws `SettingsError`.
  func make(_ pipeline: PipelineSettings) throws -> PipelineEntry {
    let settings = pipeline.settings
    let (select, render) = (try settings.mapping("select"), try settings.mapping("render"))
    let send = try settings.mapping("send")
    let records = try settings.mappings("record") ?? []
    let series = try Self.series(settings)
    let backoff = try settings.mapping("retry").map(Self.backoff) ?? Backoff()
    // Before what is missing: a key that is misspelt is both.
    try settings.finish()
    guard let select else { throw settings.missing("select") }
    guard let render else { throw settings.missing("render") }
    guard let send else { throw settings.missing("send") }
    try builtin.select(select)
    return PipelineEntry(
      pipeline: Pipeline(
        name: pipeline.name, render: try builtin.render(render),
        send: try builtin.send(send), record: try recordSteps(records), backoff: backoff),
      sender: try send.requiredText("use"), series: series, files: files)
  }

  /// A stage that stands there twice has its place in its name.
  private func recordSteps(_ records: [Settings]) throws -> [RecordStep] {
    var steps: [RecordStep] = []
    for settings in records {
      let use = try settings.requiredText("use")
      guard let stage = try builtin.record(settings) else { continue }
      let count = steps.count { $0.name == use || $0.name.hasPrefix("\(use)#") }
      steps.append(RecordStep(name: count == 0 ? use : "\(use)#\(count + 1)", stage: stage))
    }
    return steps
  }

  private static func series(_ settings: Settings) throws -> String? {
    guard let series = try settings.text("series") else { return nil }
    guard ConfigurationFile.isName(series) else {
      throw settings.error(
        "series",
        "is \(SeriesChoice.new), or a name: up to 32 of a–z, 0–9, - and _, and begins with a letter: \(series)")
    }
    return series
  }

  private static func backoff(_ settings: Settings) throws -> Backoff {
    let defaults = Backoff()
    let backoff = Backoff(
      attempts: try settings.integer("attempts", default: defaults.attempts, in: 1...100),
      first: try settings.duration("first", default: defaults.first),
      limit: try settings.duration("limit", default: defaults.limit))
    try settings.finish()
    return backoff
  }
}

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
