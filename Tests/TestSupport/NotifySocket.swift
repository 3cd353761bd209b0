import Foundation

/// The service manager's end of the notify socket (sd_notify(3)).
package struct NotifySocket: Sendable {
  package struct Failure: Error { let errno: CInt }

  package let path = "/tmp/invoiced-notify-\(UUID().uuidString)"
  private let descriptor: CInt

  /// Binds it.
  package init() throws {
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
    var patience = timeval(tv_sec: 40, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  /// The next message; nil: none came for forty seconds.
  package func receive() -> String? {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
  }

  package func remove() {
    close(descriptor)
    unlink(path)
  }
}
