import Control
import Foundation
import Mail
import Model
import Store

extension ControlService {
  func start(_ call: VarlinkCall) async throws {
    guard !stopping.isSet else { throw VarlinkError.shuttingDown }
    let parameters = try call.parameters(as: JobsInterface.Start.Parameters.self)
    guard !parameters.request.isEmpty, parameters.request.utf8.count <= 128 else {
      throw VarlinkError.invalidParameter("request")
    }
    try Self.require(parameters.filter, all: parameters.all ?? false)
    let entry = try pipeline(parameters.pipeline)
    let series = try seriesChoice(entry, parameters.series)
    let request = JobRequest(
      id: parameters.request, pipeline: entry.pipeline.name, occasion: try occasion(parameters.occasion),
      filter: try filter(parameters.filter), testTo: try testAddress(parameters.testTo),
      resendReason: try parameters.resendReason.map { try reason($0, parameter: "resend_reason") })
    if let job = try await store.job(for: request) { return try await call.reply(JobsInterface.JobReply(job: job)) }
    try await requireNumbers(request.filter)

    let job = try await store.createJob(
      request, exclusive: entry.delivers && request.testTo == nil, series: series,
      by: try await person(call, onBehalfOf: parameters.onBehalfOf))
    try await call.reply(JobsInterface.JobReply(job: job))
  }

  /// A filter that lost its conditions on the way would send everything: that has to be said.
  private static func require(_ filter: JobsInterface.Filter, all: Bool) throws {
    if all && filter.selects { throw VarlinkError.invalidParameter("all") }
    if !all && !filter.selects { throw VarlinkError.invalidParameter("filter") }
  }

  private func testAddress(_ text: String?) throws -> String? {
    guard let text else { return nil }
    guard let mailboxes = try? AddressParser.parse(text), mailboxes.count == 1 else {
      throw VarlinkError.invalidParameter("test_to")
    }
    return mailboxes[0].address
  }
}
