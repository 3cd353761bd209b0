import Control
import Foundation
import Mail
import Model
import Store

extension ControlService {
  func planJob(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.Selection.self)
    let entry = try pipeline(parameters.pipeline)
    var plan = JobsInterface.Plan(
      pipeline: entry.pipeline.name, sender: entry.sender, delivers: entry.delivers, due: 0, already: 0, held: 0,
      markedSent: 0, periods: [:], customers: 0, examples: [])
    var customers: Set<String> = []
    try await eachSelected(entry, parameters) { invoice, standing in
      switch standing {
      case .claimed: plan.already += 1
      case .held: plan.held += 1
      case .markedSent: plan.markedSent += 1
      case .due:
        if let limit = parameters.filter.limit, plan.due >= limit { return }
        plan.due += 1
        plan.periods[invoice.period.description, default: 0] += 1
        customers.insert(invoice.cct)
        if plan.examples.count < 3 { plan.examples.append(DeliveryLine(invoice, position: plan.due, state: .pending)) }
      }
    }
    plan.customers = customers.count
    try await call.reply(JobsInterface.PlanJob.Reply(plan: plan))
  }

  func dryRun(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.Selection.self)
    let entry = try pipeline(parameters.pipeline)
    var counts = Counts()
    var matched = 0
    try await eachSelected(entry, parameters) { invoice, standing in
      matched += 1
      if standing == .claimed { counts.already += 1 }
      if let limit = parameters.filter.limit, counts.total >= limit { return }
      guard standing == .due else { return }
      counts.total += 1
      var line = DeliveryLine(invoice, position: counts.total, state: .sent)
      do throws(StageError) {
        try await entry.check(invoice)
        counts.sent += 1
      } catch {
        line.state = .failed
        line.code = error.code
        line.detail = error.detail
        counts.failed += 1
      }
      try await call.reply(
        JobsInterface.DryRun.Reply(delivery: line, warning: try await warning(about: invoice)), continues: true)
    }
    guard matched > 0 else { throw VarlinkError.nothingMatched }
    try await call.reply(JobsInterface.DryRun.Reply(counts: counts))
  }

  private func warning(about invoice: Invoice) async throws -> JobsInterface.DryRun.Warning? {
    try await store.sharedFile(of: invoice).map { shared in
      JobsInterface.DryRun.Warning(
        number: invoice.number, code: ImportProblemCode.fileShared.rawValue, value: shared.beside(invoice))
    }
  }

  func start(_ call: VarlinkCall) async throws {
    guard !stopping.isSet else { throw VarlinkError.shuttingDown }
    let parameters = try call.parameters(as: JobsInterface.Start.Parameters.self)
    guard !parameters.request.isEmpty, parameters.request.utf8.count <= 128 else {
      throw VarlinkError.invalidParameter("request")
    }
    let entry = try pipeline(parameters.pipeline)
    let request = JobRequest(
      id: parameters.request, pipeline: entry.pipeline.name, occasion: parameters.occasion ?? "",
      filter: try filter(parameters.filter), testTo: try testAddress(parameters.testTo),
      resendReason: parameters.resendReason)
    if let job = try await store.job(for: request) { return try await call.reply(JobsInterface.JobReply(job: job)) }

    let selection = UUID().uuidString
    do {
      var last: String?
      while true {
        let page = try await entry.pipeline.select.select(request.filter, after: last, limit: Store.selectionBatch)
        guard let end = page.last else { break }
        try await store.stageSelection(selection, numbers: page.map(\.number))
        last = end.number
      }
      let job = try await store.createJob(
        request, selection: selection, exclusive: entry.delivers && request.testTo == nil,
        by: try await person(call, onBehalfOf: parameters.onBehalfOf))
      try await call.reply(JobsInterface.JobReply(job: job))
    } catch {
      // What cannot be dropped now is dropped at the next start.
      try? await store.dropSelection(selection)
      throw error
    }
  }

  private func testAddress(_ text: String?) throws -> String? {
    guard let text else { return nil }
    guard let mailboxes = try? AddressParser.parse(text), mailboxes.count == 1 else {
      throw VarlinkError.invalidParameter("test_to")
    }
    return mailboxes[0].address
  }

  /// Goes through the selection in pages, with where each invoice stands.
  private func eachSelected(
    _ entry: PipelineEntry, _ selection: JobsInterface.Selection, _ body: (Invoice, Standing) async throws -> Void
  ) async throws {
    let filter = try filter(selection.filter)
    var last: String?
    while true {
      let page = try await entry.pipeline.select.select(filter, after: last, limit: Store.selectionBatch)
      guard let end = page.last else { return }
      let standings = try await store.standings(
        of: page.map(\.number), pipeline: entry.pipeline.name, occasion: selection.occasion ?? "",
        exclusive: entry.delivers && selection.testTo == nil)
      for (invoice, standing) in zip(page, standings) { try await body(invoice, standing) }
      last = end.number
    }
  }

  /// The wire's filter, with `last` and `current` as months of the daemon's time zone.
  func filter(_ wire: JobsInterface.Filter) throws -> Filter {
    if let limit = wire.limit, limit < 1 { throw VarlinkError.invalidParameter("limit") }
    let numbers = (wire.numbers ?? []).map { $0.trimmed.precomposedStringWithCanonicalMapping }
    return Filter(cct: wire.cct, period: try period(wire.period), numbers: numbers, limit: wire.limit)
  }

  func period(_ text: String?) throws -> Period? {
    switch text {
    case nil: return nil
    case "last": return TimeZoneFile.period(of: time.now(), months: -1)
    case "current": return TimeZoneFile.period(of: time.now())
    case let text?:
      guard let period = Period(text) else { throw VarlinkError.invalidParameter("period") }
      return period
    }
  }
}

extension DeliveryLine {
  init(_ invoice: Invoice, position: Int, state: DeliveryState) {
    self.init(
      position: position, number: invoice.number, cct: invoice.cct, file: invoice.file.name,
      recipients: invoice.to.prefix(2).map(\.address), state: state)
  }
}
