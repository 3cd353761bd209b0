import Foundation
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
      notify.reloading(status: "reading the configuration")
      let reload = manager.receive().split(separator: "\n")
      #expect(reload.first == "RELOADING=1")
      #expect(reload.dropFirst().first?.wholeMatch(of: /MONOTONIC_USEC=[1-9][0-9]+/) != nil)
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

/// The manager's end of the notify socket.
private struct NotifySocket {
  struct Failure: Error { let errno: CInt }

  private let path = "/tmp/invoiced-notify-\(UUID().uuidString)"
  private let descriptor: CInt

  /// Binds it and points `$NOTIFY_SOCKET` to it.
  init() throws {
    descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = self.path
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    guard result == 0 else { throw Failure(errno: errno) }
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setenv("NOTIFY_SOCKET", path, 1)
  }

  func receive() -> String {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
  }

  func remove() {
    close(descriptor)
    unlink(path)
  }
}
