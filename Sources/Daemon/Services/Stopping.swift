import ServiceLifecycle
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
