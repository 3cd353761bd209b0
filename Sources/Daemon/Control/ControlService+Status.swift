import Control
import Model

extension ControlService {
  func getStatus(_ call: VarlinkCall) async throws {
    // Above all a store in trouble has to be seen here: what it cannot say is left out.
    var states: [JobsInterface.PipelineStatus] = []
    for entry in pipelines.values.sorted(by: { $0.pipeline.name < $1.pipeline.name }) {
      var holds = (try? await store.holds(pipeline: entry.pipeline.name)) ?? []
      if let trouble = await runner.outcomes.troubled {
        let (code, detail) = trouble.reason
        holds.removeAll { $0.kind == .store }
        holds.append(Hold(kind: .store, code: code, detail: detail, since: trouble.since))
      }
      states.append(
        JobsInterface.PipelineStatus(
          name: entry.pipeline.name, sender: entry.sender, delivers: entry.delivers,
          series: (try? await store.series(of: entry.pipeline.name)) ?? nil, holds: holds,
          wait: (try? await store.wait(pipeline: entry.pipeline.name)) ?? nil,
          clockAhead: (await entry.pipeline.send.clockError).map { Int($0.seconds.rounded()) }))
    }
    try await call.reply(
      JobsInterface.GetStatus.Reply(
        version: Version.text, epoch: store.epoch, startedAt: startedAt, pipelines: states,
        jobs: (try? await store.unfinishedJobs(limit: Self.pageLimit)).map(Array.init) ?? [],
        invoices: (try? await store.invoiceCount()) ?? 0))
  }

  func listJobs(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.ListJobs.Parameters.self)
    let limit = try page(parameters.limit)
    try await call.reply {
      let jobs = try await store.jobs(before: parameters.after, limit: limit)
      return JobsInterface.ListJobs.Reply(jobs: Array(jobs), next: jobs.hasMore ? jobs.last?.id : nil)
    }
  }

  func getJob(_ call: VarlinkCall) async throws {
    let id = try call.parameters(as: JobsInterface.JobID.self).job
    try await call.reply(JobsInterface.JobReply(job: try await store.job(id)))
  }

  func listDeliveries(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.ListDeliveries.Parameters.self)
    let (period, limit) = (try period(parameters.period), try page(parameters.limit))
    try await call.reply {
      let page = try await store.listDeliveries(
        job: parameters.job, states: parameters.states ?? [], period: period, after: parameters.after ?? 0, limit: limit
      )
      return RawJSON(
        "deliveries", page.map(\.json), next: page.hasMore ? page.last.map { JSON.integer($0.place) } : nil)
    }
  }
}
