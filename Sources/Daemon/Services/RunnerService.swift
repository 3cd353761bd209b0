import Jobs
import Logging
import Model
import ServiceLifecycle
import Store
import Systemd

/// The runner of the current configuration; its stop is the first step of the daemon's.
struct RunnerService: Service {
  /// How often outcomes that are still to be written are looked for, how long the service manager is to wait after each
  /// time, and when to give up: what is not written then is unknown, and looked up after the next start.
  private static let extensionInterval = Duration.seconds(1)
  private static let extensionLength = Duration.seconds(60)
  private static let patience = Duration.seconds(900)

  let store: Store
  let current: CurrentConfiguration
  /// What the last daemon left to be discarded.
  let left: [PendingDiscard]
  let stopping: StopFlag
  let notify: Notify
  let time: Time
  let log: Logger

  func run() async throws {
    await withGracefulShutdownHandler {
      await withTaskGroup { group in
        group.addTask { await extendStop() }
        await cancelWhenGracefulShutdown { await runAll() }
        group.cancelAll()
      }
    } onGracefulShutdown: {
      stopping.set()
      notify.stopping(status: "finishing what is being sent")
      log.notice("invoiced stops", metadata: .id(.daemonStopping))
    }
  }

  /// One runner after the other: two never work at the same time.
  private func runAll() async {
    var left = left
    while !Task.isCancelled {
      let running = current.value
      running.began.reach()
      await withTaskGroup { group in
        group.addTask { [left] in await running.runner.run(discarding: left) }
        group.addTask { await running.replaced.wait() }
        await group.next()
        group.cancelAll()
      }
      left = []
      guard !Task.isCancelled else { return }
      do {
        try await current.value.adoptPipelines(store, log)
        try await current.value.runner.releaseSenders()
      } catch {
        // The new runner tells of a store in trouble, and a sender that is held for nothing is seen in `status`.
        log.warning("the senders' holds could not be released: \(error)")
      }
    }
  }

  private func extendStop() async {
    guard (try? await gracefulShutdown()) != nil else { return }
    let start = time.uptime()
    while !Task.isCancelled, time.uptime() - start < Self.patience {
      if await current.value.runner.outcomes.isWriting { notify.extendTimeout(by: Self.extensionLength) }
      try? await time.sleep(Self.extensionInterval)
    }
  }
}
