import ArgumentParser
import Control
import Foundation
import Model

struct StatusCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the daemon, its pipelines, and the unfinished jobs.")

  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    let reply = try await context.connect().exchange(JobsInterface.GetStatus.self, Empty())
    if context.json { return try context.print(json: reply.fields) }
    let wording = context.wording
    let status = reply.parameters
    var facts = Facts()
    facts.add("invoiced", status.version)
    facts.add("Socket", context.socketPath)
    facts.add(wording.sinceLabel, wording.time(status.startedAt))
    facts.add(wording.cataloguedLabel, "\(status.invoices)")
    for pipeline in status.pipelines {
      let series = pipeline.series.map { $0 == pipeline.name ? "" : ", series: \($0)" } ?? ""
      facts.add(
        "Pipeline", "\(pipeline.name) (\(wording.sender(pipeline.sender, delivers: pipeline.delivers)))\(series)")
      for hold in pipeline.holds { facts.add(wording.holdLabel, wording.sentences.reason(hold, seen: Date())) }
      facts.add(wording.waitLabel, pipeline.wait.map { wording.sentences.line(of: $0, seen: Date()) })
      if let ahead = pipeline.clockAhead { facts.add(wording.clockLabel, wording.clock(ahead)) }
    }
    for line in facts.lines { try context.print(line) }
    guard !status.jobs.isEmpty else { return }
    try context.print("")
    var table = wording.jobTable
    for job in status.jobs { wording.add(job, to: &table) }
    try context.print(&table)
  }
}
