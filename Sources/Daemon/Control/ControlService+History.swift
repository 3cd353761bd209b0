import Control
import Model
import Store

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
