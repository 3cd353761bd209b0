import ServiceLifecycle
import Synchronization
import UnixSignals

/// Ends with the first SIGTERM or SIGINT, and with it the group, in good order.
///
/// The group could trap them itself, but does so only when it runs, and the sockets answer before.
struct Stopping: Service {
  let signals: UnixSignalsSequence

  func run() async throws {
    await cancelWhenGracefulShutdown {
      for await _ in signals { return }
    }
  }
}

/// Whether the daemon is stopping: set once.
final class StopFlag: Sendable {
  private let flag = Atomic(false)

  var isSet: Bool { flag.load(ordering: .acquiring) }

  func set() { flag.store(true, ordering: .releasing) }
}
