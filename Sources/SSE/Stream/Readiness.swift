import Synchronization

/// Whether a feed can be joined. Any number of tasks wait until that is known.
///
/// A refusal lasts until the feed can be joined after all, which it can from then on.
final class Readiness: Sendable {
  private struct State {
    /// Nil: not known yet.
    var outcome: Result<Void, HTTPError>?
    var waiting: [CheckedContinuation<Result<Void, HTTPError>, Never>] = []
  }

  private let state = Mutex(State())

  /// The feed can be joined.
  func allow() { settle(.success(())) }

  /// It cannot, for the time being; says nothing new about a feed that could be joined before.
  func refuse(_ refusal: HTTPError) { settle(.failure(refusal)) }

  /// Throws the last refusal. Not cancellable: whoever fills the feed settles it in time.
  func wait() async throws(HTTPError) {
    let outcome = await withCheckedContinuation { continuation in
      let outcome = state.withLock { state -> Result<Void, HTTPError>? in
        if state.outcome == nil { state.waiting.append(continuation) }
        return state.outcome
      }
      if let outcome { continuation.resume(returning: outcome) }
    }
    try outcome.get()
  }

  private func settle(_ outcome: Result<Void, HTTPError>) {
    let waiting = state.withLock { state in
      if case .success? = state.outcome { return [CheckedContinuation<Result<Void, HTTPError>, Never>]() }
      state.outcome = outcome
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume(returning: outcome) }
  }
}
