import Control
import Foundation
import Model
import NIOCore
import NIOHTTP1

/// A whole answer.
struct Response: Sendable {
  var status: HTTPResponseStatus
  var headers: HTTPHeaders
  var body: ByteBuffer

  init(_ status: HTTPResponseStatus, _ headers: HTTPHeaders = [:], body: ByteBuffer = ByteBuffer()) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// - Parameter json: one JSON text.
  init(_ status: HTTPResponseStatus = .ok, json: Data, _ headers: HTTPHeaders = [:]) {
    self.init(status, headers, body: ByteBuffer(bytes: json))
    self.headers.add(name: "Content-Type", value: "application/json")
  }

  init(_ status: HTTPResponseStatus = .ok, json value: some Encodable, _ headers: HTTPHeaders = [:]) throws {
    self.init(status, json: try WireJSON.encode(value), headers)
  }

  init(_ refusal: HTTPError) {
    var members = refusal.parameters
    members["error"] = .string(refusal.code)
    members["message"] = .string(refusal.message)
    self.init(
      refusal.status, json: (try? WireJSON.encode(JSON.object(members))) ?? Data("{}".utf8), refusal.headers)
  }

  /// What it begins with: its own headers and the common ones, its length, and whether the connection is kept.
  func head(keepsAlive: Bool) -> HTTPResponseHead {
    var head = HTTPResponseHead(version: .http1_1, status: status, headers: Self.commonHeaders)
    head.headers.add(contentsOf: headers)
    if status != .noContent { head.headers.replaceOrAdd(name: "Content-Length", value: "\(body.readableBytes)") }
    head.headers.replaceOrAdd(name: "Connection", value: keepsAlive ? "keep-alive" : "close")
    return head
  }

  /// Of everything that this server says, besides its own.
  static let commonHeaders: HTTPHeaders = [
    "Cache-Control": "no-store, no-transform", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
  ]
}
