import CSystemd
import Foundation

/// The listening sockets that the service manager opened and passed on (sd_listen_fds_with_names(3)).
///
/// They are taken by name (`FileDescriptorName=` of the socket unit), never by their order.
package struct ActivatedSockets {
  /// Name and descriptor, in the order in which they came.
  private var waiting: [(name: String, descriptor: CInt)]

  init(_ sockets: [(name: String, descriptor: CInt)]) {
    waiting = sockets
  }

  /// What this process received; empty without socket activation.
  ///
  /// Removes the variables from the environment and marks the descriptors close-on-exec, so that children inherit
  /// neither. Changes the environment: call it once, before the process has a second thread.
  package static func receive() throws(ActivationError) -> ActivatedSockets {
    var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
    let count = sd_listen_fds_with_names(1, &names)
    guard count >= 0 else { throw .unreadable(errno: -count) }
    guard let names else { return ActivatedSockets([]) }
    defer { free(names) }
    var sockets: [(name: String, descriptor: CInt)] = []
    for index in 0..<Int(count) {
      guard let name = names[index] else { continue }
      sockets.append((String(cString: name), SD_LISTEN_FDS_START + CInt(index)))
      free(name)
    }
    return ActivatedSockets(sockets)
  }

  /// The listening stream socket of this name, which the caller owns from now on; nil when none came.
  ///
  /// Throws when several came under one name, or when it is no listening stream socket.
  package mutating func take(named name: String) throws(ActivationError) -> CInt? {
    let found = waiting.filter { $0.name == name }
    guard let socket = found.first else { return nil }
    guard found.count == 1 else { throw .ambiguous(name: name, count: found.count) }
    guard sd_is_socket(socket.descriptor, AF_UNSPEC, CInt(SOCK_STREAM.rawValue), 1) > 0 else {
      throw .notListening(name: name)
    }
    waiting.removeAll { $0.name == name }
    return socket.descriptor
  }

  /// The listening stream sockets of this name, one for each `ListenStream=`, which the caller owns from now on.
  package mutating func takeAll(named name: String) throws(ActivationError) -> [CInt] {
    let found = waiting.filter { $0.name == name }
    for socket in found where sd_is_socket(socket.descriptor, AF_UNSPEC, CInt(SOCK_STREAM.rawValue), 1) <= 0 {
      throw .notListening(name: name)
    }
    waiting.removeAll { $0.name == name }
    return found.map(\.descriptor)
  }

  /// Closes what nobody took, so that no client waits on it for ever; returns the names, for the log.
  package mutating func closeRest() -> [String] {
    defer { waiting = [] }
    return waiting.map { socket in
      close(socket.descriptor)
      return socket.name
    }
  }
}

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
