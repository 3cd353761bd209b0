import Control
import Foundation
import Logging
import NIOHTTP1

/// Finds what a request asks for. Every route says for itself who may use it.
struct Router: Sendable {
  let access: Access
  let daemon: DaemonSocket
  let feeds: Feeds
  let metrics: Metrics
  let page: Page
  /// Path of the page, with a slash at its end.
  let root: String
  let log: Logger

  func answer(_ exchange: Exchange) async {
    do {
      try access.check(exchange.request)
      if let job = try streamed(exchange.request) { return try await stream(job, exchange) }
      exchange.answer(try await response(exchange.request))
    } catch {
      let refusal = HTTPError(error)
      if refusal.status == .internalServerError { log.error("\(exchange.request.path.first ?? "/"): \(error)") }
      exchange.answer(Response(refusal))
    }
  }

  /// The job whose events are asked for; `.some(nil)`: those of all.
  private func streamed(_ request: Request) throws -> Int64?? {
    let path = request.path
    let isJob = path.count == 3 && path[0] == "jobs" && path[2] == "events"
    guard isJob || path == ["events"] else { return nil }
    guard request.method == .GET else { throw HTTPError.methodNotAllowed("GET") }
    try request.checkQuery(["after"])
    return isJob ? .some(try jobID(path[1])) : .some(nil)
  }

  private func response(_ request: Request) async throws -> Response {
    let path = request.path
    if Self.isPage(path) {
      try only(.GET, request, query: nil)
      return page(request)
    }
    switch (path.first, path.count) {
    case ("health", 1):
      try only(.GET, request, query: nil)
      return try await health()
    case ("metrics", 1):
      try only(.GET, request, query: nil)
      return try await openMetrics()
    case ("session", 1): return try await session(request)
    case ("status", 1):
      try only(.GET, request)
      return try await status(request)
    case ("plan", 1):
      try only(.POST, request)
      return try await plan(request)
    case ("dry-run", 1):
      try only(.POST, request)
      return try await dryRun(request)
    case ("jobs", 1):
      if request.method == .POST {
        try only(.POST, request)
        return try await start(request)
      }
      try only(.GET, request, query: ["after", "limit"], allowed: "GET, POST")
      return try await jobs(request)
    case ("sentences", 2):
      try only(.GET, request)
      return try sentences(path[1])
    case ("jobs", 3): return try await job(jobID(path[1]), path[2], request)
    case ("invoices", 2):
      try only(.GET, request)
      return try await invoice(path[1], request)
    default: throw HTTPError.notFound
    }
  }

  /// `/` and `/jobs/ID`.
  static func isPage(_ path: [String]) -> Bool { path.isEmpty || (path.count == 2 && path[0] == "jobs") }

  private func job(_ id: Int64, _ verb: String, _ request: Request) async throws -> Response {
    switch verb {
    case "deliveries":
      try only(.GET, request, query: ["state", "after", "limit"])
      return try await deliveries(id, request)
    case "pause":
      try only(.POST, request)
      return try await change(JobsInterface.Pause.self, id, request)
    case "resume":
      try only(.POST, request)
      return try await change(JobsInterface.Resume.self, id, request)
    case "cancel":
      try only(.POST, request)
      return try await change(JobsInterface.Cancel.self, id, request)
    case "retry":
      try only(.POST, request)
      return try await retry(id, request)
    default: throw HTTPError.notFound
    }
  }

  /// Throws when the method is another one (HEAD goes where GET does), or when the query has something else in it.
  ///
  /// - Parameters:
  ///   - query: nil: whatever it has is passed over, as by pages everywhere.
  ///   - allowed: what a refusal says; by default, the method.
  private func only(
    _ method: HTTPMethod, _ request: Request, query: Set<String>? = [], allowed: String? = nil
  ) throws {
    guard request.method == method || (method == .GET && request.method == .HEAD) else {
      throw HTTPError.methodNotAllowed(allowed ?? method.rawValue)
    }
    if let query { try request.checkQuery(query) }
  }

  private func jobID(_ text: String) throws -> Int64 {
    guard let id = Int64(text), id > 0 else { throw HTTPError.notFound }
    return id
  }
}
