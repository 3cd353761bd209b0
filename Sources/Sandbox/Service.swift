import Foundation

/// One request after the other: which call it is, whether it is let in, what the log says, what is answered.
struct Service: Sendable {
  let api: API
  let tokenEndpoint: TokenEndpoint
  let control: ControlEndpoint
  let scenario: Scenario
  let postponed: Postponed
  let log: Log
  let clock: ServerClock
  /// Of each answer; half of it passes before the call is executed.
  let latency: Duration

  /// Throws when the client has left before its request was complete.
  func answer(_ request: Request, body: inout RequestStream) async throws -> Answer {
    if request.path.hasPrefix(ControlEndpoint.path) {
      return .response(try await control.answer(request, body: &body))
    }
    let route = Route(request)
    var line = CallLine(
      call: route?.call, method: request.method.rawValue, path: request.path, account: api.account,
      http: request.version, connection: request.connection, arrived: log.arrival())
    defer { log.append(line) }
    guard let route else {
      line.status = 404
      return .response(.html(404, "The requested URL \(request.path) was not found on this server."))
    }
    do {
      return try await admit(request, route, body: &body, line: &line)
    } catch let refusal as APIError {
      try? await Task.sleep(for: latency)
      return refuse(refusal, line: &line)
    } catch {
      line.fault = "client_left"
      throw error
    }
  }

  /// Throws `APIError` before anything of the body is read, for a token or a quota that does not do.
  private func admit(
    _ request: Request, _ route: Route, body: inout RequestStream, line: inout CallLine
  ) async throws -> Answer {
    if route.call == .token { return try await perform(request, route, body: &body, line: &line) }
    try api.authorize(request, route)
    try api.quota.enter(route.call)
    defer { api.quota.leave() }
    return try await perform(request, route, body: &body, line: &line)
  }

  private func perform(
    _ request: Request, _ route: Route, body: inout RequestStream, line: inout CallLine
  ) async throws -> Answer {
    try? await Task.sleep(for: latency / 2)
    let answer: Answer
    do {
      let call =
        route.call == .token
        ? try await tokenEndpoint.prepare(request, body: &body)
        : try await api.prepare(request, route, body: &body)
      answer = try await decide(route.call, call, line: &line)
    } catch let refusal as APIError {
      answer = refuse(refusal, line: &line)
    }
    try? await Task.sleep(for: latency / 2)
    return answer
  }

  func execute(_ call: PreparedCall, line: inout CallLine) async throws(APIError) -> Response {
    do {
      let result = try await call.execute()
      line.facts = result.facts
      line.status = result.response.status
      return result.response
    } catch {
      line.refused(error)
      throw error
    }
  }

  func refuse(_ refusal: APIError, line: inout CallLine) -> Answer {
    line.refused(refusal)
    return .response(refusal.response)
  }
}
