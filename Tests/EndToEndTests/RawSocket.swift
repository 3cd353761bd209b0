import Foundation
import TestSupport

/// A connection to a program that writes what it is told, well formed or not, and reads only when it is asked.
final class RawSocket {
  private let descriptor: CInt
  private var received: [UInt8] = []
  /// Whether the other side has closed the connection, as far as was read.
  private(set) var isClosed = false
  /// Whether it did so by a reset.
  private(set) var isReset = false

  /// To a socket in the file system.
  convenience init(_ path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
    try self.init(AF_UNIX, address)
  }

  /// To a port of 127.0.0.1.
  convenience init(port: Int) throws {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    address.sin_port = UInt16(port).bigEndian
    try self.init(AF_INET, address)
  }

  private init(_ family: CInt, _ address: some BitwiseCopyable) throws {
    descriptor = socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    let status = withUnsafeBytes(of: address) { bytes in
      bytes.baseAddress.map {
        connect(descriptor, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(bytes.count))
      }
    }
    // `deinit` closes it: closed twice, the second time would be that of a descriptor of another thread's.
    guard status == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
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

  /// All that comes until the other side closes the connection.
  func rest() async throws -> String {
    try await eventually("the end of the connection") {
      read()
      return isClosed
    }
    defer { received = [] }
    return String(decoding: received, as: UTF8.self)
  }

  /// Raises this process's limit of open files (getrlimit(2)), for as many sockets and what it has otherwise.
  static func permit(_ count: Int) {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = min(max(limit.rlim_cur, rlim_t(count + 1024)), limit.rlim_max)
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  private func read() {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = Glibc.recv(descriptor, &buffer, buffer.count, 0)
      if count > 0 {
        received += buffer[..<count]
      } else {
        if count < 0, errno == ECONNRESET { isReset = true }
        if count == 0 || errno != EAGAIN { isClosed = true }
        return
      }
    }
  }
}
