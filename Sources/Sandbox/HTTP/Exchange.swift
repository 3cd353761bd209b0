import NIOCore
import NIOHTTP1

/// The conversation on an HTTP/1.1 connection (any number of requests) or an HTTP/2 stream (one).
struct Exchange: Sendable {
  let channel: NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
  let connection: Connection
  /// `2` or `1.1`.
  let version: String
  let service: Service

  /// Until the client goes, or the conversation is over.
  func run() async {
    // A client that goes away in the middle is no fault of the sandbox; the call stands in the log.
    try? await channel.executeThenClose { inbound, outbound in
      var requests = RequestStream(inbound)
      while let head = try await requests.head() {
        if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
          try await outbound.write(.head(HTTPResponseHead(version: head.version, status: .continue)))
        }
        let request = Request(head, version: version, connection: connection.number)
        let answer = try await service.answer(request, body: &requests)
        guard try await write(answer, to: outbound, version: head.version, after: &requests), head.isKeepAlive else {
          return
        }
      }
    }
  }

  /// False when the connection is not to be used again.
  private func write(
    _ answer: Answer, to outbound: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>, version: HTTPVersion,
    after requests: inout RequestStream
  ) async throws -> Bool {
    switch answer {
    case .response(let response):
      // A client that is still sending may not look at an early answer: hear it out first.
      guard try await requests.skipRest() else { return false }
      let body = ByteBuffer(bytes: response.body)
      try await outbound.write(contentsOf: [
        .head(response.head(version: version, at: service.clock.now)), .body(.byteBuffer(body)), .end(nil),
      ])
      return true
    case .truncated(let response):
      let half = ByteBuffer(bytes: response.body.prefix(response.body.count / 2))
      // Written past the writer, for its promise is kept only when the bytes have left.
      let head = response.head(version: version, at: service.clock.now)
      channel.channel.write(HTTPServerResponsePart.head(head), promise: nil)
      try await channel.channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(half))).get()
      await connection.abort(reset: false)
      return false
    case .dripped(let response, let pause):
      try await outbound.write(.head(response.head(version: version, at: service.clock.now)))
      for byte in response.body {
        try await Task.sleep(for: pause)
        try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: [byte]))))
      }
      try await outbound.write(.end(nil))
      return true
    case .dropped:
      await connection.abort(reset: true)
      return false
    }
  }
}
