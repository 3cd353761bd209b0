import Foundation

/// Why the sockets of the service manager cannot be used. The remedy is in the socket unit.
package enum ActivationError: Error, Hashable, CustomStringConvertible {
  /// The environment variables or the descriptors are broken.
  case unreadable(errno: CInt)
  case ambiguous(name: String, count: Int)
  case notListening(name: String)

  package var description: String {
    switch self {
    case .unreadable(let code):
      "the sockets of the service manager cannot be read: \(String(cString: strerror(code)))"
    case .ambiguous(let name, let count):
      "\(count) sockets are named \(name): keep one ListenStream= with FileDescriptorName=\(name)"
    case .notListening(let name):
      "socket \(name) is no listening stream socket: the unit needs ListenStream= and Accept=no"
    }
  }
}
