import NIOCore
import NIOHTTP1

/// The requests of a connection or of an HTTP/2 stream, read one part at a time; reading slowly slows the client.
struct RequestStream {
  /// The client closed or broke the connection within a request.
  struct ClientLeft: Error {}

  /// What is read and thrown away of a body that nobody wants, before the connection is given up: two full uploads.
  static let maximumUnreadBytes = 2 * Upload.maximumBytes

  private var parts: NIOAsyncChannelInboundStream<HTTPServerRequestPart>.AsyncIterator
  private var bodyEnded = true

  init(_ inbound: NIOAsyncChannelInboundStream<HTTPServerRequestPart>) {
    parts = inbound.makeAsyncIterator()
  }

  /// The next request; nil when the client has closed. The body before it must have been read.
  mutating func head() async throws -> HTTPRequestHead? {
    while let part = try await parts.next() {
      if case .head(let head) = part {
        bodyEnded = false
        return head
      }
    }
    return nil
  }

  /// The next piece of the body; nil at its end.
  mutating func next() async throws -> ByteBuffer? {
    if bodyEnded { return nil }
    switch try await parts.next() {
    case .body(let bytes): return bytes
    case .end:
      bodyEnded = true
      return nil
    case .head, nil: throw ClientLeft()
    }
  }

  /// The whole body, or nil when it is longer than `limit` bytes.
  mutating func collect(limit: Int) async throws -> [UInt8]? {
    var bytes: [UInt8] = []
    while let piece = try await next() {
      guard bytes.count + piece.readableBytes <= limit else { return nil }
      bytes.append(contentsOf: piece.readableBytesView)
    }
    return bytes
  }

  /// Reads what is left of the body. False when that is so much that the connection should be given up.
  mutating func skipRest() async throws -> Bool {
    var skipped = 0
    while let piece = try await next() {
      skipped += piece.readableBytes
      if skipped > Self.maximumUnreadBytes { return false }
    }
    return true
  }
}
