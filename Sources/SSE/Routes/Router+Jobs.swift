import Control
import Foundation
import Model

/// Body of `POST /plan` and `POST /dry-run`: a selection as one flat object.
struct SelectionBody: Codable, Sendable {
  var pipeline: String?
  var cct: String?
  var period: String?
  var numbers: [String]?
  var limit: Int?
  var occasion: String?
  var testTo: String?
  var series: String?

  enum CodingKeys: String, CodingKey {
    case pipeline, cct, period, numbers, limit, occasion, series
    case testTo = "test_to"
  }

  var selection: JobsInterface.Selection {
    .init(
      pipeline: pipeline, filter: .init(cct: cct, period: period, numbers: numbers, limit: limit), occasion: occasion,
      testTo: testTo, series: series)
  }
}

/// Body of `POST /jobs`: a selection, and what makes it a start.
struct StartBody: Codable, Sendable {
  /// Chosen by the caller, anew for every wish to start.
  var request: String
  /// Every due invoice is meant; wanted where no customer, no month and no numbers are named, and nowhere else.
  var all: Bool?
  var pipeline: String?
  var cct: String?
  var period: String?
  var numbers: [String]?
  var limit: Int?
  var occasion: String?
  var testTo: String?
  /// The answer to a `SeriesQuestion`.
  var series: String?

  enum CodingKeys: String, CodingKey {
    case request, all, pipeline, cct, period, numbers, limit, occasion, series
    case testTo = "test_to"
  }

  /// Throws `HTTPError` where it is not clear which invoices are meant: the daemon refuses the same, and names a parameter
  /// that a flat body does not have.
  ///
  /// - Parameter name: of the user.
  func parameters(onBehalfOf name: String) throws -> JobsInterface.Start.Parameters {
    let isChosen = cct != nil || period != nil || numbers != nil
    guard isChosen != (all == true) else { throw HTTPError.invalid("all") }
    return .init(
      request: request, pipeline: pipeline, filter: .init(cct: cct, period: period, numbers: numbers, limit: limit),
      all: all, occasion: occasion, testTo: testTo, series: series, onBehalfOf: name)
  }
}

extension Router {
  func status(_ request: Request) async throws -> Response {
    _ = try access.user(request, now: Date())
    return Response(json: try await daemon.exchange(JobsInterface.GetStatus.self, Empty()).json)
  }

  func jobs(_ request: Request) async throws -> Response {
    _ = try access.user(request, now: Date())
    let parameters = JobsInterface.ListJobs.Parameters(
      after: try integer("after", request), limit: try integer("limit", request).map(Int.init))
    return Response(json: try await daemon.exchange(JobsInterface.ListJobs.self, parameters).json)
  }

  func deliveries(_ job: Int64, _ request: Request) async throws -> Response {
    _ = try access.user(request, now: Date())
    let states = try request.values("state").map { text in
      guard let state = DeliveryState(rawValue: text) else { throw HTTPError.invalid("state") }
      return state
    }
    let parameters = JobsInterface.ListDeliveries.Parameters(
      job: job, states: states.isEmpty ? nil : states, after: try integer("after", request),
      limit: try integer("limit", request).map(Int.init))
    return Response(json: try await daemon.exchange(JobsInterface.ListDeliveries.self, parameters).json)
  }

  func invoice(_ number: String, _ request: Request) async throws -> Response {
    _ = try access.user(request, now: Date())
    return Response(json: try await daemon.exchange(JobsInterface.GetInvoice.self, .init(number: number)).json)
  }

  func plan(_ request: Request) async throws -> Response {
    _ = try access.mayStart(request, now: Date())
    let body = try request.decode(SelectionBody.self)
    return Response(json: try await daemon.exchange(JobsInterface.PlanJob.self, body.selection).json)
  }

  /// Checks everything and answers once, with the counts, what would fail, and what looks like a mistake.
  func dryRun(_ request: Request) async throws -> Response {
    struct Reply: Encodable {
      var counts = Counts()
      var others: [OtherJob]?
      var failed: [DeliveryLine] = []
      var warnings: [JobsInterface.DryRun.Warning] = []
    }
    _ = try access.mayStart(request, now: Date())
    let body = try request.decode(SelectionBody.self)
    let client = try await daemon.connect()
    var reply = Reply()
    do {
      for try await part in try await client.stream(JobsInterface.DryRun.self, body.selection) {
        // Bounds the answer; the counts tell how many there are.
        if let line = part.parameters.delivery, line.state == .failed, reply.failed.count < 200 {
          reply.failed.append(line)
        }
        if let warning = part.parameters.warning, reply.warnings.count < 200 { reply.warnings.append(warning) }
        if let counts = part.parameters.counts { (reply.counts, reply.others) = (counts, part.parameters.others) }
      }
    } catch {
      await client.close()
      throw error
    }
    await client.close()
    return try Response(json: reply)
  }

  func start(_ request: Request) async throws -> Response {
    let user = try access.mayStart(request, now: Date())
    let body = try request.decode(StartBody.self)
    let reply = try await daemon.exchange(JobsInterface.Start.self, try body.parameters(onBehalfOf: user.name))
    log.notice("job \(reply.parameters.job.id) was started for \(user.name)")
    return Response(.created, json: reply.json)
  }

  func change<M: VarlinkMethod>(_ method: M.Type, _ job: Int64, _ request: Request) async throws -> Response
  where M.Parameters == JobsInterface.JobChange {
    let user = try access.mayStart(request, now: Date())
    _ = try request.decode(Empty.self)
    return Response(json: try await daemon.exchange(method, .init(job: job, onBehalfOf: user.name)).json)
  }

  func retry(_ job: Int64, _ request: Request) async throws -> Response {
    struct Body: Codable {
      var includePermanent: Bool?
      enum CodingKeys: String, CodingKey { case includePermanent = "include_permanent" }
    }
    let user = try access.mayStart(request, now: Date())
    let body = try request.decode(Body.self)
    let parameters = JobsInterface.Retry.Parameters(
      job: job, includePermanent: body.includePermanent, onBehalfOf: user.name)
    return Response(json: try await daemon.exchange(JobsInterface.Retry.self, parameters).json)
  }

  private func integer(_ name: String, _ request: Request) throws -> Int64? {
    guard let text = request.values(name).first else { return nil }
    guard let number = Int64(text) else { throw HTTPError.invalid(name) }
    return number
  }
}
