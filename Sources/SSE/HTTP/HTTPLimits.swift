import NIOCore

/// What one connection may take, and how many there may be.
struct HTTPLimits: Sendable {
  /// A page's own requests are far below.
  var headSizeInBytes = 16 * 1024
  var bodySizeInBytes = 64 * 1024
  /// From the connection's beginning, or the first byte of a later request, to the end of the head; from a head to the
  /// end of its body.
  var head = TimeAmount.seconds(10)
  var body = TimeAmount.seconds(10)
  /// Between two requests.
  var idle = TimeAmount.seconds(60)
  /// From an answer to its last byte's being taken by the client, or at least by the kernel.
  var answer = TimeAmount.seconds(30)
  /// From the last answer to the connection's end: so long the client may take to read it and to close.
  var farewell = TimeAmount.seconds(5)
  /// Connections beside the streams: requests that are answered at once.
  var otherConnections = 512
  /// Streams at one time.
  var maximumReaders = 1024
  var maximumConnections: Int { maximumReaders + otherConnections }
  /// Connections above the maximum that are told so at one time; further ones are closed without a word.
  var refusedConnections = 512
  /// That such a connection may say nothing.
  var refusal = TimeAmount.seconds(2)
  /// Of a stream, give or take a tenth, so that not all come back at once; then it ends cleanly, and EventSource opens
  /// another one.
  var meanStreamLifetime = Duration.seconds(3600)

  func streamLifetime() -> Duration { meanStreamLifetime * Double.random(in: 0.9...1.1) }
}
