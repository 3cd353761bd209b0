import Control
import Foundation
import NIOCore
import NIOPosix

/// Where browsers, or the proxy in front of them, come to.
enum HTTPSocket: Sendable, Hashable {
  case tcp(host: String, port: Int)
  case unix(String)
  /// Inherited; closed with the server.
  case descriptor(CInt)

  /// `127.0.0.1:8025`, `[::1]:8025` or `unix:/path`; nil for anything else.
  init?(_ text: String) {
    if text.hasPrefix("unix:/") {
      self = .unix(String(text.dropFirst("unix:".count)))
      return
    }
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self = .tcp(host: String(host), port: Int(port))
  }

  static let defaults: [HTTPSocket] = [.tcp(host: "127.0.0.1", port: 8025), .tcp(host: "::1", port: 8025)]

  /// Whether only this machine reaches it.
  var isLocal: Bool {
    switch self {
    case .tcp(let host, _): host.hasPrefix("127.") || host == "::1" || host == "localhost"
    case .unix, .descriptor: true
    }
  }

  /// A Unix socket is its owner's and its group's: whoever can use it may say who is logged in.
  func bind(_ bootstrap: ServerBootstrap) async throws -> any Channel {
    switch self {
    case .tcp(let host, let port): try await bootstrap.bind(host: host, port: port).get()
    case .unix(let path): try await bootstrap.withBoundSocket(ListeningSocket.path(path, mode: 0o660).open()).get()
    case .descriptor(let descriptor): try await bootstrap.withBoundSocket(descriptor).get()
    }
  }
}
