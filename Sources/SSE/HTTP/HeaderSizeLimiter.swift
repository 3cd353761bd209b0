import NIOCore

/// Counts the bytes of a request before they are parsed, its head and its body each against a bound of its own: NIO's
/// parser bounds each field, and not their number.
final class HeaderSizeLimiter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  struct TooLarge: Error {}

  /// Bytes that are handed to the parser at once. A piece may hold a head's end and what comes behind, so that a bound is
  /// right to this.
  private static let pieceSizeInBytes = 1024

  private let limits: HTTPLimits
  private var limit: Int
  private var isIgnoring = false
  /// Bytes of the head, or of the body, that have come.
  private(set) var count = 0

  init(limits: HTTPLimits) {
    self.limits = limits
    limit = limits.headSizeInBytes
  }

  /// The next bytes are a request's head.
  func expectHead() { (count, limit) = (0, limits.headSizeInBytes) }

  /// The next bytes are a request's body, with the head's bound for its chunks' own lines.
  func expectBody() { (count, limit) = (0, limits.bodySizeInBytes + limits.headSizeInBytes) }

  /// Drops whatever comes: nobody will answer it.
  func ignoreRest() { isIgnoring = true }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    while !isIgnoring, let piece = bytes.readSlice(length: min(bytes.readableBytes, Self.pieceSizeInBytes)),
      piece.readableBytes > 0
    {
      guard count < limit else { return context.fireErrorCaught(TooLarge()) }
      count += piece.readableBytes
      context.fireChannelRead(wrapInboundOut(piece))
    }
  }
}
