import ArgumentParser
import Control
import Foundation
import Model

struct ShowCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one job: its counts, holds and deliveries.",
    discussion: """
      Deliveries with an unknown outcome come first, then failed ones, each with its reason. "Inferred" means that the \
      daemon received no answer, and concluded from the consumed draft that the mail was sent.
      """)

  @Argument(help: "The job's number.") var job: Int64
  @Flag(help: "Show only deliveries that failed or whose outcome is unknown.") var failed = false
  @OptionGroup var global: GlobalOptions

  private static let inTrouble: [DeliveryState] = [.unknown, .failed]

  func run(_ context: Context) async throws {
    let wording = context.wording
    let reply = try await context.connect().exchange(JobsInterface.GetJob.self, .init(job: job))
    if context.json {
      guard let value = try WireJSON.decode(JSON.self, from: reply.json)["job"] else { return }
      try context.print(json: value)
      return try await context.deliveries(job: job, states: failed ? Self.inTrouble : nil) { values, _ in
        try context.print(json: values)
      }
    }
    try show(reply.parameters.job, context)
    for state in Self.inTrouble { try await showTrouble(state, context) }
    guard !failed else { return }
    let others = DeliveryState.allCases.filter { !Self.inTrouble.contains($0) }
    var table = wording.deliveryTable(withJob: false)
    var isFirst = true
    try await context.deliveries(job: job, states: others) { _, deliveries in
      guard !deliveries.isEmpty else { return }
      if isFirst { try context.print("") }
      isFirst = false
      for delivery in deliveries { wording.add(delivery, to: &table, withJob: false) }
      try context.print(&table)
    }
  }

  private func show(_ job: Job, _ context: Context) throws {
    let wording = context.wording
    var facts = Facts()
    facts.add(wording.job, "\(job.id)")
    facts.add(wording.state, wording.state(of: job, now: Date()))
    facts.add(wording.waitLabel, job.wait.map { wording.sentences.line(of: $0, seen: Date()) })
    for hold in job.holds {
      let remedy = wording.sentences.remedy(hold, job: job.id)
      facts.add(wording.holdLabel, "\(wording.sentences.reason(hold, seen: Date())) → \(remedy)")
    }
    facts.add("Pipeline", job.pipeline)
    facts.add(wording.occasionLabel, job.occasion)
    facts.add(wording.filterLabel, wording.filter(job.filter))
    facts.add(wording.testLabel, job.testTo)
    facts.add(wording.startedLabel, "\(wording.time(job.startedAt)), \(job.startedBy.name)")
    facts.add(wording.finishedLabel, job.finishedAt.map(wording.time))
    facts.add(wording.countsLabel, wording.counts(job.counts, job.others ?? []))
    for line in facts.lines { try context.print(line) }
  }

  /// The deliveries in this state, each with its reason, and what to do about them: each unknown one needs an answer of
  /// its own.
  private func showTrouble(_ state: DeliveryState, _ context: Context) async throws {
    let wording = context.wording
    var isFirst = true
    try await context.deliveries(job: job, states: [state]) { _, deliveries in
      for delivery in deliveries {
        if isFirst { try context.print("") }
        isFirst = false
        try context.print(wording.trouble(delivery))
        guard state == .unknown else { continue }
        for line in wording.waysOut(of: delivery) { try context.print(line) }
      }
    }
    if !isFirst, state == .failed { try context.print(wording.remedyOfFailed(job)) }
  }
}
