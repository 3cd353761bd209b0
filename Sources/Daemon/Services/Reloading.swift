import Jobs
import Logging
import Model
import ServiceLifecycle
import Store
import Systemd
import UnixSignals

/// Reads the configuration again at each SIGHUP. One that cannot be used changes nothing.
struct Reloading: Service {
  /// Trapped before the daemon says that it is ready: a signal that comes then is not lost.
  let signals: UnixSignalsSequence
  let current: CurrentConfiguration
  let shared: SharedServices
  let notify: Notify

  func run() async throws {
    await cancelWhenGracefulShutdown {
      for await _ in signals {
        notify.reloading()
        await reload()
        notify.ready()
      }
    }
  }

  private func reload() async {
    let (file, log) = (shared.folders.configuration, shared.log)
    do {
      let configuration = try ConfigurationFile.read(file)
      let new = try RunningConfiguration(configuration, shared)
      if configuration.timezone != shared.timezone {
        log.warning("\(file): the new time zone takes effect after a restart: systemctl restart invoiced")
      }
      current.replace(new)
      // What is being sent is finished first.
      await new.began.wait()
      guard !Task.isCancelled else { return }
      log.notice("\(file) was read again, and is in force", metadata: .id(.configurationReloaded))
      try await new.reportForsakenJobs(shared)
    } catch let error as ConfigurationError {
      log.error("the configuration stays as it was: \(error)", metadata: .id(.configurationError))
    } catch {
      log.error("\(error)")
    }
  }
}
