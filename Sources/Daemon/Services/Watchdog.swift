import Jobs
import Model
import ServiceLifecycle
import Systemd

/// Tells the service manager that the loops that do the work turn (WatchdogSec= in systemd.service(5)). When one does not,
/// it stays silent, and is killed and started again.
struct Watchdog: Service {
  /// After so much silence the process is killed.
  let timeout: Duration
  let heartbeat: Heartbeat
  let notify: Notify
  let time: Time

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        if (heartbeat.longestSilence ?? .zero) < timeout / 2 { notify.watchdog() }
        try? await time.sleep(timeout / 4)
      }
    }
  }
}
