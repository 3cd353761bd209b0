import Synchronization

/// Tells everybody who listens that something was committed. A listener that is busy hears of many commits at once.
package final class CommitNotifier: Sendable {
  private struct Listeners {
    var next = 0
    var streams: [Int: AsyncStream<Void>.Continuation] = [:]
    var isFinished = false
  }

  private let listeners = Mutex(Listeners())

  package init() {}

  /// A stream that has one element at once, and then one after every commit or after several.
  package func listen() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let id = listeners.withLock { listeners -> Int? in
      guard !listeners.isFinished else { return nil }
      listeners.next += 1
      listeners.streams[listeners.next] = continuation
      return listeners.next
    }
    guard let id else {
      continuation.finish()
      return stream
    }
    continuation.onTermination = { [weak self] _ in self?.listeners.withLock { $0.streams[id] = nil } }
    continuation.yield()
    return stream
  }

  package func tell() {
    for continuation in listeners.withLock({ Array($0.streams.values) }) { continuation.yield() }
  }

  /// Ends every stream, and every later one at once.
  package func finish() {
    let all = listeners.withLock { listeners in
      listeners.isFinished = true
      return Array(listeners.streams.values)
    }
    for continuation in all { continuation.finish() }
  }
}
