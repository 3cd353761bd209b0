import Control
import Model
import Store

extension ControlService {
  /// Invoices that a dry run has at hand while its client does not read (`ReplyBudget.leastSizeInBytes`).
  private static let dryRunBatch = 50

  func planJob(_ call: VarlinkCall) async throws {
    let selection = try call.parameters(as: JobsInterface.Selection.self)
    let entry = try pipeline(selection.pipeline)
    let filter = try filter(selection.filter)
    try await requireNumbers(filter)
    let plan = try await store.plan(filter, try scope(entry, selection))
    try await call.reply(
      JobsInterface.PlanJob.Reply(
        plan: JobsInterface.Plan(
          pipeline: entry.pipeline.name, sender: entry.sender, delivers: entry.delivers, series: plan.series,
          due: plan.taken, leftOut: plan.tally.counts, others: plan.tally.others.isEmpty ? nil : plan.tally.others,
          periods: plan.periods, customers: plan.customers,
          examples: plan.examples.enumerated().map { DeliveryLine($1, position: $0 + 1, state: .pending) },
          question: plan.question)))
  }

  func dryRun(_ call: VarlinkCall) async throws {
    let selection = try call.parameters(as: JobsInterface.Selection.self)
    let entry = try pipeline(selection.pipeline)
    let filter = try filter(selection.filter)
    try await requireNumbers(filter)
    let scope = try scope(entry, selection)
    let plan = try await store.plan(filter, scope)
    if let question = plan.question { throw StoreError.seriesUndecided(question) }
    guard plan.tally.invoices.values.contains(where: { $0 > 0 }) else { throw VarlinkError.nothingMatched }
    var counts = plan.tally.counts
    var last: String?
    while counts.total < filter.limit ?? .max {
      let page = try await store.invoices(filter, after: last, limit: Self.dryRunBatch)
      guard let end = page.last else { break }
      let eligibilities = try await store.eligibilities(of: page.map(\.number), scope)
      for (invoice, eligibility) in zip(page, eligibilities)
      where eligibility == .due && counts.total < filter.limit ?? .max {
        counts.total += 1
        let line = await check(invoice, position: counts.total, entry, scope)
        if line.state == .failed { counts.failed += 1 } else { counts.sent += 1 }
        let warning = try await warning(about: invoice)
        try await call.reply(JobsInterface.DryRun.Reply(delivery: line, warning: warning), continues: true)
      }
      last = end.number
    }
    let others = plan.tally.others
    try await call.reply(JobsInterface.DryRun.Reply(counts: counts, others: others.isEmpty ? nil : others))
  }

  private func check(
    _ invoice: Invoice, position: Int, _ entry: PipelineEntry, _ scope: StartScope
  ) async -> DeliveryLine {
    var line = DeliveryLine(invoice, position: position, state: .sent)
    do throws(StageError) {
      try await entry.check(invoice, occasion: scope.occasion)
    } catch {
      (line.state, line.code, line.detail) = (.failed, error.code, error.detail)
    }
    return line
  }

  private func warning(about invoice: Invoice) async throws -> JobsInterface.DryRun.Warning? {
    try await store.sharedFile(of: invoice).map { shared in
      JobsInterface.DryRun.Warning(
        number: invoice.number, code: ImportProblemCode.fileShared.rawValue, value: shared.beside(invoice))
    }
  }

  private func scope(_ entry: PipelineEntry, _ selection: JobsInterface.Selection) throws -> StartScope {
    StartScope(
      pipeline: entry.pipeline.name, occasion: try occasion(selection.occasion),
      exclusive: entry.delivers && selection.testTo == nil, series: try seriesChoice(entry, selection.series))
  }
}

extension DeliveryLine {
  init(_ invoice: Invoice, position: Int, state: DeliveryState) {
    self.init(
      position: position, number: invoice.number, cct: invoice.cct, file: invoice.file.name,
      recipients: invoice.to.prefix(2).map(\.address), state: state)
  }
}
