import Foundation
import Glibc

/// Where a server listens.
package enum ListeningSocket: Sendable, Hashable {
  /// A path, at most 107 bytes (unix(7)), and the permission bits of the socket file. What is left there of a server
  /// that has ended is removed.
  case path(String, mode: UInt32 = 0o660)
  /// A bound stream socket that was inherited, such as systemd's; the server closes it.
  case descriptor(CInt)

  package enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
    case pathTooLong(String)
    /// Another server answers there.
    case inUse(String)
    /// Something that is no socket stands there, and stays.
    case notASocket(String)
    case system(call: String, path: String, errno: CInt)

    package var description: String {
      switch self {
      case .pathTooLong(let path): "\(path): longer than a socket's path may be (107 bytes)"
      case .inUse(let path): "\(path): another server listens there; stop it, or choose another path"
      case .notASocket(let path): "\(path): is there and no socket; remove it, or choose another path"
      case .system(let call, let path, let errno): "\(path): \(call): \(String(cString: strerror(errno)))"
      }
    }
  }

  /// A bound stream socket.
  package func open() throws(Failure) -> CInt {
    switch self {
    case .descriptor(let descriptor): return descriptor
    case .path(let path, let mode):
      // One byte stays for the ending NUL.
      guard path.utf8.count < MemoryLayout.size(ofValue: sockaddr_un().sun_path) else { throw .pathTooLong(path) }
      try Self.removeStale(path)
      let descriptor = try Self.socket(path)
      // Nobody can connect before listen(2), so the mode is right from the first moment.
      guard Self.call(Glibc.bind, descriptor, path) == 0 else {
        throw Self.failure("bind", path, closing: descriptor)
      }
      guard chmod(path, mode) == 0 else {
        throw Self.failure("chmod", path, closing: descriptor)
      }
      return descriptor
    }
  }

  private static func removeStale(_ path: String) throws(Failure) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      if errno == ENOENT { return }
      throw .system(call: "lstat", path: path, errno: errno)
    }
    guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
    let probe = try socket(path)
    defer { Glibc.close(probe) }
    if call(Glibc.connect, probe, path) == 0 || errno == EAGAIN { throw .inUse(path) }
    guard errno == ECONNREFUSED || errno == ENOENT else { throw .system(call: "connect", path: path, errno: errno) }
    guard unlink(path) == 0 || errno == ENOENT else {
      throw .system(call: "unlink", path: path, errno: errno)
    }
  }

  private static func socket(_ path: String) throws(Failure) -> CInt {
    let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = Glibc.socket(AF_UNIX, type, 0)
    guard descriptor >= 0 else { throw .system(call: "socket", path: path, errno: errno) }
    return descriptor
  }

  private static func failure(_ name: String, _ path: String, closing descriptor: CInt) -> Failure {
    let reason = errno
    close(descriptor)
    return .system(call: name, path: path, errno: reason)
  }

  /// Runs bind(2) or connect(2) with the path's address; the path is short enough.
  private static func call(
    _ function: (CInt, UnsafePointer<sockaddr>?, socklen_t) -> CInt, _ descriptor: CInt, _ path: String
  ) -> CInt {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    return withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        function(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }
}
