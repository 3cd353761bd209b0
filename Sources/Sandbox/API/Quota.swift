import Synchronization

/// What an account may ask of the API: units per rolling minute, and calls at the same time.
final class Quota: Sendable {
  private struct State {
    var spent: [(at: ContinuousClock.Instant, units: Int)] = []
    var callsInFlight = 0
  }

  private static let window = Duration.seconds(60)

  /// 0 is unlimited, for both.
  private let unitsPerMinute: Int
  private let callsAtOnce: Int
  private let state = Mutex(State())

  init(unitsPerMinute: Int, callsAtOnce: Int) {
    self.unitsPerMinute = unitsPerMinute
    self.callsAtOnce = callsAtOnce
  }

  /// Begins a call; `leave` ends it. A refused call costs no units and must not leave.
  func enter(_ call: Call) throws(APIError) {
    let refusal: APIError? = state.withLock { state in
      guard callsAtOnce == 0 || state.callsInFlight < callsAtOnce else { return .tooManyAtOnce }
      if unitsPerMinute > 0 {
        let now = ContinuousClock.now
        state.spent.removeAll { $0.at + Self.window <= now }
        let units = state.spent.reduce(0) { $0 + $1.units }
        guard units + call.units <= unitsPerMinute else { return .quota }
        state.spent.append((now, call.units))
      }
      state.callsInFlight += 1
      return nil
    }
    if let refusal { throw refusal }
  }

  func leave() {
    state.withLock { $0.callsInFlight -= 1 }
  }
}
