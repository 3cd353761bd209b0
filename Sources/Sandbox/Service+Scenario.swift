import Foundation

extension Service {
  /// Executes the call, or does what a rule of the scenario says.
  func decide(_ name: Call, _ call: PreparedCall, line: inout CallLine) async throws -> Answer {
    line.facts = call.facts
    let rule = scenario.rule(for: name, recipients: call.facts.recipients ?? [])
    line.fault = rule?.action.rawValue
    if let rule, rule.action == .executeLater {
      postponed.add(after: rule.pause) {
        _ = try? await call.execute()
        call.upload?.discard()
      }
      return refuse(rule.refusal(of: name, by: clock), line: &line)
    }
    defer { call.upload?.discard() }
    guard let rule else { return .response(try await execute(call, line: &line)) }
    return try await interfere(rule, name, call, line: &line)
  }

  private func interfere(
    _ rule: Rule, _ name: Call, _ call: PreparedCall, line: inout CallLine
  ) async throws -> Answer {
    // Whether Gmail would have refused the call is of no interest to a client that does not get to hear it.
    switch rule.action {
    case .status, .executeLater:
      return refuse(rule.refusal(of: name, by: clock), line: &line)
    case .acceptThenStatus:
      _ = try? await execute(call, line: &line)
      return refuse(rule.refusal(of: name, by: clock), line: &line)
    case .dropBefore:
      return .dropped
    case .dropAfter:
      _ = try? await execute(call, line: &line)
      line.status = 0
      return .dropped
    case .stall:
      if rule.execute == true { _ = try? await execute(call, line: &line) }
      line.status = 0
      try? await Task.sleep(for: rule.pause)
      return .dropped
    case .blockPage:
      if rule.execute == true { _ = try? await execute(call, line: &line) }
      line.status = 200
      return .response(.blockPage)
    case .drip:
      return .dripped(try await execute(call, line: &line), rule.pause)
    case .truncate:
      return .truncated(try await execute(call, line: &line))
    case .unreadable:
      _ = try await execute(call, line: &line)
      let garbage = Data(#"{"id": "19"#.utf8) + Data([0xff, 0x00, 0xfe])
      return .response(Response(status: 200, contentType: "application/json; charset=UTF-8", body: garbage))
    case .race:
      guard let race = call.race else { return .response(try await execute(call, line: &line)) }
      return .response(
        try await execute(PreparedCall { () throws(APIError) in try await race(rule.pause) }, line: &line))
    case .stale:
      guard let stale = await call.stale?() else { return .response(try await execute(call, line: &line)) }
      line.status = stale.response.status
      return .response(stale.response)
    }
  }
}
