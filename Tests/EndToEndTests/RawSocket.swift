import Foundation
import TestSupport

/// A connection to the control socket that writes what it is told, well formed or not, and reads only when it is asked.
final class RawSocket {
  private let descriptor: CInt
  private var received: [UInt8] = []
  /// Whether the other side has closed the connection, as far as was read.
  private(set) var isClosed = false

  init(_ path: String) throws {
    descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    let status = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard status == 0 else {
      let reason = errno
      close(descriptor)
      throw POSIXError(.init(rawValue: reason) ?? .EIO)
    }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  deinit { close(descriptor) }

  /// Sends all, unless the other side closes before that or takes nothing for as long as `patience`; false then.
  @discardableResult
  func send(_ bytes: [UInt8]) async throws -> Bool {
    var rest = bytes[...]
    let end = ContinuousClock.now + patience
    while !rest.isEmpty, ContinuousClock.now < end {
      let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL)) }
      if sent > 0 {
        rest = rest.dropFirst(sent)
      } else if errno == EAGAIN {
        try await Task.sleep(for: .milliseconds(5))
      } else {
        isClosed = true
        return false
      }
    }
    return rest.isEmpty
  }

  /// Sends a text and the NUL that ends a frame.
  @discardableResult
  func send(frame: String) async throws -> Bool { try await send(Array(frame.utf8) + [0]) }

  /// The next frame without its NUL, or nil when the other side has closed the connection.
  func next() async throws -> String? {
    var found: String?
    try await eventually("a reply, or the end of the connection") {
      read()
      if let nul = received.firstIndex(of: 0) {
        found = String(decoding: received[..<nul], as: UTF8.self)
        received.removeFirst(nul + 1)
      }
      return found != nil || isClosed
    }
    return found
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 {
        received += buffer[..<count]
      } else {
        if count == 0 || errno != EAGAIN { isClosed = true }
        return
      }
    }
  }
}
