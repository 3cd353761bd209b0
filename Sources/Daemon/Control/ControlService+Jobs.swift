import Control
import Foundation
import Model
import Store

extension ControlService {
  func pause(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.JobChange.self)
    let person = try await person(call, onBehalfOf: parameters.onBehalfOf)
    try await call.reply(JobsInterface.JobReply(job: try await store.pause(parameters.job, by: person)))
  }

  func resume(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.JobChange.self)
    let person = try await person(call, onBehalfOf: parameters.onBehalfOf)
    try await call.reply(JobsInterface.JobReply(job: try await store.resume(parameters.job, by: person)))
  }

  func cancel(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.JobChange.self)
    let person = try await person(call, onBehalfOf: parameters.onBehalfOf)
    let (job, tokens) = try await store.cancel(parameters.job, by: person)
    // Not by this call: its task ends when the client has its answer and leaves.
    runner.discard(tokens.map { PendingDiscard(pipeline: job.pipeline, token: $0) })
    try await call.reply(JobsInterface.JobReply(job: job))
  }

  func retry(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.Retry.Parameters.self)
    if parameters.attempt != nil, parameters.position == nil { throw VarlinkError.invalidParameter("attempt") }
    let (job, retried) = try await store.retry(
      parameters.job, permanent: parameters.includePermanent ?? false,
      delivery: parameters.position.map { ($0, parameters.attempt) },
      by: try await person(call, onBehalfOf: parameters.onBehalfOf))
    try await call.reply(JobsInterface.Retry.Reply(job: job, retried: retried))
  }

  /// "Not sent" takes the prepared message back first: were it still there, it could go out beside the new one; when it
  /// is gone, it may have gone out, and only `force` goes on.
  func resolve(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.Resolve.Parameters.self)
    let person = await person(call)
    var receipt: Receipt?
    switch parameters.outcome {
    case .sent:
      receipt = Receipt(
        message: "", account: "\(person.name) (\(person.uid))", at: time.now())
    case .notSent:
      let (token, pipeline) = try await store.beginResolving(
        job: parameters.job, position: parameters.position, attempt: parameters.attempt)
      if let token { try await takeBack(token, of: pipeline, force: parameters.force == true) }
    }
    let delivery = try await store.resolve(
      job: parameters.job, position: parameters.position, attempt: parameters.attempt, sent: receipt, by: person)
    try await call.reply(JobsInterface.Resolve.Reply(delivery: delivery))
  }

  private func takeBack(_ token: SendToken, of pipeline: String, force: Bool) async throws {
    guard let sender = pipelines[pipeline]?.pipeline.send else {
      if force { return }
      throw VarlinkError.noSuchPipeline(pipeline, known: pipelines.keys.sorted())
    }
    switch await sender.discard(token) {
    case .removed: return
    case .absent where !force: throw VarlinkError.mayBeSent
    case .failed(let words) where !force:
      throw VarlinkError.stageFailed(code: ErrorCode.unreachable.rawValue, detail: words)
    case .absent, .failed: return
    }
  }
}

extension ControlService {
  func listActions(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.ListActions.Parameters.self)
    let limit = try page(parameters.limit)
    try await call.reply {
      let actions = try await store.actions(
        job: parameters.job, number: parameters.number, before: parameters.after, limit: limit)
      return JobsInterface.ListActions.Reply(
        actions: Array(actions), next: actions.hasMore ? actions.last?.id : nil)
    }
  }
}
