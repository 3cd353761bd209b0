import Synchronization

/// Lets a few callers work at the same time; the others wait, and go on in the order in which they came.
package final class Turns: Sendable {
  private struct State {
    var free: Int
    var last: UInt64 = 0
    var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
  }

  private let state: Mutex<State>

  /// - Parameter count: how many work at the same time.
  package init(_ count: Int) { state = Mutex(State(free: count)) }

  /// Runs `body` when a turn is free. Throws `CancellationError` when the task is cancelled while it waits.
  package func run<T>(_ body: () async throws -> T) async throws -> T {
    try await begin()
    defer { end() }
    return try await body()
  }

  private func begin() async throws {
    let id = state.withLock { state in
      state.last += 1
      return state.last
    }
    let hasTurn: Bool = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Bool? = state.withLock { state in
          // None is free while somebody waits.
          if state.free > 0 {
            state.free -= 1
            return true
          }
          if Task.isCancelled { return false }
          state.waiting.append((id, continuation))
          return nil
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let waiter = state.withLock { state in
        state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
      }
      waiter?.continuation.resume(returning: false)
    }
    guard hasTurn else { throw CancellationError() }
  }

  private func end() {
    let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst().continuation
    }
    next?.resume(returning: true)
  }
}
