import Jobs
import Logging
import Model
import ServiceLifecycle
import Store
import Systemd
import UnixSignals

/// Reads the configuration again at each SIGHUP. One that cannot be used changes nothing.
struct Reloading: Service {
  let setup: CurrentSetup
  let folders: Folders
  let store: Store
  let time: Time
  let pulse: Pulse
  let notify: Notify
  let log: Logger

  func run() async throws {
    await cancelWhenGracefulShutdown {
      for await _ in await UnixSignalsSequence(trapping: .sighup) {
        notify.reloading()
        await reload()
        notify.ready()
      }
    }
  }

  private func reload() async {
    do {
      let configuration = try ConfigurationFile.read(folders.configuration)
      let new = try Setup(configuration, folders: folders, store: store, time: time, pulse: pulse, log: log)
      if configuration.timezone != setup.value.timezone {
        log.warning("\(folders.configuration): another timezone counts after a restart: systemctl restart invoiced")
      }
      setup.replace(new)
      // What is being sent is finished first.
      await new.began.wait()
      guard !Task.isCancelled else { return }
      log.notice("\(folders.configuration) was read again, and is in force", metadata: .id(.configurationReloaded))
      try await new.reportForsakenJobs(store, folders, log)
    } catch let error as ConfigurationError {
      log.error("the configuration stays as it was: \(error)", metadata: .id(.configurationError))
    } catch {
      log.error("\(error)")
    }
  }
}
