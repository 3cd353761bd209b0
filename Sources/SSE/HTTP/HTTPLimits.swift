import NIOCore

/// What one connection may take.
struct HTTPLimits: Sendable {
  /// A page's own requests are far below.
  var headSizeInBytes = 16 * 1024
  var bodySizeInBytes = 64 * 1024
  /// From the connection's beginning to the end of the first head; from a head to the end of its body.
  var head = TimeAmount.seconds(10)
  var body = TimeAmount.seconds(10)
  /// Between two requests.
  var idle = TimeAmount.seconds(60)
  /// Connections beside the streams: requests that are answered at once.
  var otherConnections = 512
  /// Streams at one time.
  var maximumReaders = 1024
  var maximumConnections: Int { maximumReaders + otherConnections }
  /// Of a stream, give or take a tenth, so that not all come back at once; then it ends cleanly, and EventSource opens
  /// another one.
  var meanStreamLifetime = Duration.seconds(3600)

  func streamLifetime() -> Duration { meanStreamLifetime * Double.random(in: 0.9...1.1) }
}
