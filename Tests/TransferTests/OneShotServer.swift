import Foundation
import Glibc
import Synchronization

/// A plain HTTP/1.1 server on a loopback port that does to each request what the test says.
final class OneShotServer: Sendable {
  enum Act: Sendable {
    /// Writes these bytes and keeps the connection.
    case answer(String)
    /// Writes these bytes and closes.
    case answerAndClose(String)
    /// Writes a byte after each pause, until the client is gone.
    case drip(String, Duration)
    /// Closes without a byte.
    case close
    /// Keeps the connection and says nothing.
    case silence
  }

  static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Kind: yes\r\n\r\nok"

  let port: UInt16
  private let listener: Int32
  private let seen = Mutex<[String]>([])
  private let connections = Mutex(0)

  /// The bodies of the requests that arrived whole, in their order.
  var bodies: [String] { seen.withLock { $0 } }
  var connectionCount: Int { connections.withLock { $0 } }
  var url: String { "http://127.0.0.1:\(port)" }

  /// - Parameter act: what to do with the n-th request (from 0) of the k-th connection (from 0).
  init(_ act: @escaping @Sendable (_ connection: Int, _ request: Int) -> Act) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) | listen(listener, 128) | getsockname(listener, $0, &size)
      }
    }
    guard result == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
    self.listener = listener
    port = UInt16(bigEndian: address.sin_port)
    Thread.detachNewThread { [self] in
      while true {
        let connection = accept(listener, nil, nil)
        if connection < 0 { break }
        let number = connections.withLock { count in
          defer { count += 1 }
          return count
        }
        Thread.detachNewThread { [self] in serve(connection, number, act) }
      }
      close(listener)
    }
  }

  /// Connections are refused from now on. The descriptor is closed by the thread that accepts on it: its number may be
  /// another test's at once.
  func stop() { Glibc.shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve(_ connection: Int32, _ number: Int, _ act: (Int, Int) -> Act) {
    defer { close(connection) }
    var request = 0
    while let body = readRequest(connection) {
      seen.withLock { $0.append(body) }
      switch act(number, request) {
      case .answer(let text): write(connection, text)
      case .answerAndClose(let text):
        write(connection, text)
        return
      case .drip(let text, let pause):
        for byte in text.utf8 {
          Thread.sleep(forTimeInterval: Double(pause.components.attoseconds) * 1e-18)
          guard send(connection, [byte], 1, Int32(MSG_NOSIGNAL)) == 1 else { return }
        }
      case .close: return
      case .silence: _ = readRequest(connection)
      }
      request += 1
    }
  }

  private func write(_ connection: Int32, _ text: String) {
    let bytes = Array(text.utf8)
    _ = send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
  }

  private func readRequest(_ connection: Int32) -> String? {
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      if let end = text.range(of: "\r\n\r\n") {
        let length =
          text[..<end.lowerBound].components(separatedBy: "\r\n")
          .first { $0.lowercased().hasPrefix("content-length:") }
          .flatMap { Int($0.dropFirst(15).trimmingCharacters(in: .whitespaces)) } ?? 0
        let body = text[end.upperBound...]
        if body.utf8.count >= length { return String(body) }
      }
      let count = recv(connection, &buffer, buffer.count, 0)
      if count <= 0 { return nil }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
  }
}
