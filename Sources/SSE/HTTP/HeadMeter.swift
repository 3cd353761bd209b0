import NIOCore

/// Counts the bytes of a request's head before they are parsed: NIO's parser bounds each field, not their number.
final class HeadMeter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  struct TooLarge: Error {}

  private let limit: Int
  private var count = 0

  /// - Parameter limit: bytes from one request's end to the next one's, its body included.
  init(limit: Int) { self.limit = limit }

  func reset() { count = 0 }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    count += unwrapInboundIn(data).readableBytes
    guard count <= limit else { return context.fireErrorCaught(TooLarge()) }
    context.fireChannelRead(data)
  }
}
