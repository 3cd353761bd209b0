import Foundation
import TestSupport
import Testing

@testable import Systemd

/// Each test runs in a process of its own, because the environment belongs to the whole process.
@Suite("sd_notify")
struct NotifyTests {
  @Test("is a no-op without $NOTIFY_SOCKET")
  func noSocket() async {
    await #expect(processExitsWith: .success) {
      unsetenv("NOTIFY_SOCKET")
      Notify().ready(status: "ready")
      #expect(Notify().watchdogTimeout == nil)
    }
  }

  @Test("says these words to the service manager, a status never more than one line")
  func messages() async {
    await #expect(processExitsWith: .success) {
      let manager = try NotifySocket()
      setenv("NOTIFY_SOCKET", manager.path, 1)
      defer { manager.remove() }
      let notify = Notify()
      notify.ready(status: "no job running")
      #expect(manager.receive() == "READY=1\nSTATUS=no job running")
      notify.status("34/50\nWATCHDOG=1")
      #expect(manager.receive() == "STATUS=34/50\\nWATCHDOG=1")
      notify.watchdog()
      #expect(manager.receive() == "WATCHDOG=1")
      notify.extendTimeout(by: .milliseconds(1_500))
      #expect(manager.receive() == "EXTEND_TIMEOUT_USEC=1500000")
      notify.reloading()
      let reload = try #require(manager.receive()).split(separator: "\n")
      #expect(reload.first == "RELOADING=1")
      #expect(reload.dropFirst().first?.wholeMatch(of: /MONOTONIC_USEC=[1-9][0-9]+/) != nil)
      notify.ready()
      #expect(manager.receive() == "READY=1")
      notify.stopping(status: "finishing 2 sends")
      #expect(manager.receive() == "STOPPING=1\nSTATUS=finishing 2 sends")
    }
  }

  @Test("knows after how long the manager loses patience")
  func watchdog() async {
    await #expect(processExitsWith: .success) {
      setenv("WATCHDOG_USEC", "30000000", 1)
      setenv("WATCHDOG_PID", "\(getpid())", 1)
      #expect(Notify().watchdogTimeout == .seconds(30))
      setenv("WATCHDOG_PID", "1", 1)
      #expect(Notify().watchdogTimeout == nil)
    }
  }
}
