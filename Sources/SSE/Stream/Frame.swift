import Foundation
import Model
import NIOCore

/// Events as bytes (WHATWG HTML, "Server-sent events"): made once, shared by all readers.
enum Frame {
  /// `name` and `id` come from closed sets, and `json` is one line: JSON escapes CR and LF in its strings.
  static func event(_ name: StaticString, id: EventID?, json: Data) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.reserveCapacity(json.count + 64)
    if let id { buffer.writeString("id: \(id)\n") }
    buffer.writeString("event: \(name)\ndata: ")
    buffer.writeBytes(json)
    buffer.writeString("\n\n")
    return buffer
  }

  static func event(_ event: Event, json: Data) -> ByteBuffer {
    switch event.kind {
    case .start: Self.event("start", id: event.id, json: json)
    case .progress: Self.event("progress", id: event.id, json: json)
    case .paused: Self.event("paused", id: event.id, json: json)
    case .wait: Self.event("wait", id: event.id, json: json)
    case .complete: Self.event("complete", id: event.id, json: json)
    }
  }

  /// Also when nothing happens: a comment would be invisible to scripts. Without an id, so that no cursor moves.
  static func ping(daemon: Bool) -> ByteBuffer { event("ping", id: nil, json: Data("{\"daemon\":\(daemon)}".utf8)) }

  /// Of a stream, until the connection's end: chunks would frame what is framed already, and HTTP/1.0, which proxies
  /// speak, has none. `retry` is EventSource's pause in milliseconds.
  static let head = ByteBuffer(
    string: """
      HTTP/1.1 200 OK\r
      Content-Type: text/event-stream\r
      Cache-Control: no-store, no-transform\r
      X-Accel-Buffering: no\r
      X-Content-Type-Options: nosniff\r
      Connection: close\r
      \r
      retry: 1000\n\n
      """)
}
