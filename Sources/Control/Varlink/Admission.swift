import NIOCore
import Synchronization

/// The connections that are there, and how many may be.
final class Admission: Sendable {
  private struct State {
    var last: UInt64 = 0
    var present: [UInt64: any Channel] = [:]
  }

  private let maximum: Int
  private let state = Mutex(State())

  init(maximum: Int) { self.maximum = maximum }

  /// A new connection's number, until the channel closes; nil when there are too many.
  func admit(_ channel: any Channel) -> UInt64? {
    let id: UInt64? = state.withLock { state in
      guard state.present.count < maximum else { return nil }
      state.last += 1
      state.present[state.last] = channel
      return state.last
    }
    if let id {
      channel.closeFuture.whenComplete { [weak self] _ in
        self?.state.withLock { _ = $0.present.removeValue(forKey: id) }
      }
    }
    return id
  }

  var present: [any Channel] { state.withLock { Array($0.present.values) } }
}
