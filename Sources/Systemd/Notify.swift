import CSystemd
import Foundation

/// Tells the service manager how the daemon does (sd_notify(3)).
///
/// Every call is a no-op without `$NOTIFY_SOCKET`. A message that cannot be delivered is lost without an error:
/// the daemon could do nothing about it, and the manager's own timeouts notice.
/// The calls read the environment; do not change it after the first one.
package struct Notify: Sendable {
  package init() {}

  /// Ready: the socket is served and the store is open. Also ends a reload, which leaves the status as it is.
  package func ready(status: String? = nil) {
    send(["READY=1"] + (status.map { [Self.statusLine($0)] } ?? []))
  }

  /// The one line that `systemctl status` shows; control characters in it become visible.
  package func status(_ text: String) {
    send([Self.statusLine(text)])
  }

  /// Begins the stop: no new work from here on.
  package func stopping(status: String) {
    send(["STOPPING=1", Self.statusLine(status)])
  }

  /// Begins a reload; `ready` ends it, whether the new configuration was good or not.
  package func reloading() {
    send(["RELOADING=1", "MONOTONIC_USEC=\(Self.monotonicMicroseconds())"])
  }

  /// A sign of life; due at half of `watchdogTimeout` from the loop that does the work.
  package func watchdog() {
    send(["WATCHDOG=1"])
  }

  /// Asks for so much time more, from now, before a start or stop counts as hung.
  package func extendTimeout(by duration: Duration) {
    let microseconds = max(0, Int64(duration / .microseconds(1)))
    send(["EXTEND_TIMEOUT_USEC=\(microseconds)"])
  }

  /// After how much silence the manager kills this process; nil when it does not watch (sd_watchdog_enabled(3)).
  package var watchdogTimeout: Duration? {
    var microseconds: UInt64 = 0
    guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
    return .microseconds(Int64(clamping: microseconds))
  }

  private func send(_ assignments: [String]) {
    _ = sd_notify(0, assignments.joined(separator: "\n"))
  }

  /// A line break in the text would be another assignment.
  private static func statusLine(_ text: String) -> String { "STATUS=\(text.oneLine)" }

  private static func monotonicMicroseconds() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000 + Int64(now.tv_nsec) / 1_000
  }
}
