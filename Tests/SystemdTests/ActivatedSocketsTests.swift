import Foundation
import Testing

@testable import Systemd

@Suite("Activated sockets")
struct ActivatedSocketsTests {
  @Test("are taken by name, and once")
  func byName() throws {
    let (first, second) = (try listeningSocket(), try listeningSocket())
    var sockets = ActivatedSockets([("watch", first), ("varlink", second)])
    #expect(try sockets.take(named: "varlink") == second)
    #expect(try sockets.take(named: "varlink") == nil)
    #expect(try sockets.take(named: "http") == nil)
    #expect(sockets.closeRest() == ["watch"])
    #expect(sockets.closeRest() == [])
    close(second)
  }

  @Test("are refused when two have the name")
  func ambiguous() throws {
    let (first, second) = (try listeningSocket(), try listeningSocket())
    var sockets = ActivatedSockets([("varlink", first), ("varlink", second)])
    #expect(throws: ActivationError.ambiguous(name: "varlink", count: 2)) { try sockets.take(named: "varlink") }
    #expect(sockets.closeRest() == ["varlink", "varlink"])
  }

  @Test("are refused when they do not listen, with the setting to look at")
  func notListening() throws {
    let socket = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    var sockets = ActivatedSockets([("varlink", socket)])
    let error = #expect(throws: ActivationError.self) { try sockets.take(named: "varlink") }
    #expect(error?.description.contains("Accept=no") == true)
    #expect(sockets.closeRest() == ["varlink"])
  }

  @Test("are none without a service manager")
  func none() async {
    await #expect(processExitsWith: .success) {
      unsetenv("LISTEN_PID")
      unsetenv("LISTEN_FDS")
      var sockets = try ActivatedSockets.receive()
      #expect(try sockets.take(named: "varlink") == nil)
    }
  }

  @Test("come from the environment, which no child inherits, nor the descriptors")
  func environment() async {
    await #expect(processExitsWith: .success) {
      // The manager's descriptors begin at 3, where this process has its own: fill the gaps, name the last one.
      let socket = try listeningSocket()
      var names: [String] = []
      for descriptor in 3..<socket {
        if fcntl(descriptor, F_GETFD) < 0 { dup2(0, descriptor) }
        names.append("other")
      }
      names.append("varlink")
      setenv("LISTEN_PID", "\(getpid())", 1)
      setenv("LISTEN_FDS", "\(names.count)", 1)
      setenv("LISTEN_FDNAMES", names.joined(separator: ":"), 1)
      var sockets = try ActivatedSockets.receive()
      for variable in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] { #expect(getenv(variable) == nil) }
      let taken = try sockets.take(named: "varlink")
      #expect(taken == socket)
      #expect(fcntl(socket, F_GETFD) & FD_CLOEXEC != 0)
    }
  }
}

private struct SocketFailure: Error { let errno: CInt }

/// A Unix stream socket that listens under a name that the kernel chooses (unix(7), autobind).
private func listeningSocket() throws -> CInt {
  let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
  var address = sockaddr(sa_family: sa_family_t(AF_UNIX), sa_data: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
  guard bind(descriptor, &address, socklen_t(MemoryLayout<sa_family_t>.size)) == 0, listen(descriptor, 1) == 0 else {
    throw SocketFailure(errno: errno)
  }
  return descriptor
}
