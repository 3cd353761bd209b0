import CCurl
import Synchronization

/// The way from any task to the loop's thread.
final class CommandQueue: Sendable {
  enum Command: Sendable {
    case start(PendingTransfer)
    case cancel(UInt64)
  }

  private struct State {
    var commands: [Command] = []
    var lastID: UInt64 = 0
    var isStopping = false
    var hasEnded = false
    var stopped: [CheckedContinuation<Void, Never>] = []
    /// Where the thread polls.
    var polled: PolledHandle?
  }

  /// A CURLM that another thread wakes: curl_multi_wakeup(3) is the one function that may be called from any thread.
  private struct PolledHandle: @unchecked Sendable { let multi: UnsafeMutableRawPointer }

  private let state = Mutex(State())

  func newID() -> UInt64 {
    state.withLock {
      $0.lastID += 1
      return $0.lastID
    }
  }

  func start(_ transfer: PendingTransfer) {
    let isRefused = state.withLock { state in
      guard !state.isStopping else { return true }
      state.commands.append(.start(transfer))
      Self.wake(state)
      return false
    }
    if isRefused {
      transfer.continuation.resume(
        returning: .failure(TransferError(.shutDown, "the transfer loop was shut down", mayHaveArrived: false)))
    }
  }

  func cancel(_ id: UInt64) {
    state.withLock {
      $0.commands.append(.cancel(id))
      Self.wake($0)
    }
  }

  func stop(_ continuation: CheckedContinuation<Void, Never>?) {
    let hasEnded = state.withLock { state in
      state.isStopping = true
      if !state.hasEnded, let continuation { state.stopped.append(continuation) }
      Self.wake(state)
      return state.hasEnded
    }
    if hasEnded { continuation?.resume() }
  }

  // MARK: The thread's side

  /// Everything queued since the last call.
  func take() -> (commands: [Command], isStopping: Bool) {
    state.withLock { state in
      defer { state.commands = [] }
      return (state.commands, state.isStopping)
    }
  }

  /// From now on wakes `multi`; nil before that handle is freed.
  func poll(at multi: UnsafeMutableRawPointer?) {
    let handle = multi.map(PolledHandle.init)
    state.withLock { $0.polled = handle }
  }

  /// The thread's last act.
  func end() {
    let waiting = state.withLock {
      $0.hasEnded = true
      $0.commands = []
      return $0.stopped
    }
    for continuation in waiting { continuation.resume() }
  }

  private static func wake(_ state: State) {
    // Under the lock: the handle cannot be freed meanwhile.
    if let polled = state.polled { curl_multi_wakeup(polled.multi) }
  }
}
