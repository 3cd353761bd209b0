import Model
import ServiceLifecycle
import Store

/// Drops old events, once an hour.
struct Trimming: Service {
  private static let interval: Duration = .seconds(3600)

  let current: CurrentConfiguration
  let store: Store
  let time: Time

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let limit = time.now().addingTimeInterval(-current.value.keepEvents.seconds)
        while (try? await store.trimEvents(finishedBefore: limit)) == true {}
        try? await time.sleep(Self.interval)
      }
    }
  }
}
