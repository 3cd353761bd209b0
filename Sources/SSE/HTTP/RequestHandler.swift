import Foundation
import NIOCore
import NIOHTTP1

/// One connection: puts requests together within their bounds, hands them over one at a time, and writes the answers.
final class RequestHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private enum State {
    case waiting
    case reading(HTTPRequestHead, ByteBuffer)
    /// `keepsAlive`: what the client wants.
    case answering(keepsAlive: Bool, isHead: Bool)
    case streaming(Reader)
    case closing
  }

  private let limits: HTTPLimits
  private let prefix: [String]
  private let meter: HeadMeter
  private let arrivals: AsyncStream<Exchange>.Continuation
  /// The server stops: no connection is kept for another request.
  private let isStopping: @Sendable () -> Bool
  private var state = State.waiting
  private var deadline: Scheduled<Void>?
  private var context: ChannelHandlerContext?

  init(
    limits: HTTPLimits, prefix: [String], meter: HeadMeter, arrivals: AsyncStream<Exchange>.Continuation,
    isStopping: @escaping @Sendable () -> Bool
  ) {
    self.limits = limits
    self.prefix = prefix
    self.meter = meter
    self.arrivals = arrivals
    self.isStopping = isStopping
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelActive(context: ChannelHandlerContext) { expect(within: limits.head) }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    if case .streaming(let reader) = state { reader.left() }
    state = .closing
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch (unwrapInboundIn(data), state) {
    case (.head(let head), .waiting):
      expect(within: limits.body)
      state = .reading(head, ByteBuffer())
      if head.headers["transfer-encoding"].isEmpty, let length = head.headers.first(name: "content-length"),
        (Int(length) ?? .max) > limits.bodySizeInBytes
      {
        refuse(.payloadTooLarge)
      }
    case (.body(var part), .reading(let head, var body)):
      guard body.readableBytes + part.readableBytes <= limits.bodySizeInBytes else { return refuse(.payloadTooLarge) }
      body.writeBuffer(&part)
      state = .reading(head, body)
    case (.end, .reading(let head, let body)):
      deadline?.cancel()
      meter.reset()
      take(head, body, context)
    case (.head, .answering(_, let isHead)):
      // A request behind one that is being answered: the client sends it again over another connection (RFC 9112, 9.3.2).
      state = .answering(keepsAlive: false, isHead: isHead)
    default: break
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if case .streaming(let reader) = state, context.channel.isWritable { reader.isWritableAgain() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if case .waiting = state, error is HTTPParserError { return refuse(.badRequest) }
    if error is HeadMeter.TooLarge { return refuse(.requestHeaderFieldsTooLarge) }
    context.close(promise: nil)
  }

  // MARK: On the loop

  func answer(_ response: Response) {
    guard case .answering(let keepsAlive, let isHead) = state else { return }
    write(response, keepsAlive: keepsAlive && response.headers["connection"].isEmpty && !isStopping(), isHead: isHead)
  }

  func stream(_ feed: Feed, after cursor: EventCursor, older: [OldEvent]) {
    guard case .answering = state, let context,
      let encoder = try? context.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
    else { return feed.giveBack() }
    let reader = Reader(channel: context.channel, encoder: encoder, feed: feed, lifetime: limits.streamLifetime())
    state = .streaming(reader)
    reader.begin(after: cursor, older: older)
  }

  private func take(_ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
    state = .answering(keepsAlive: head.isKeepAlive, isHead: head.method == .HEAD)
    guard let request = request(head, body, port: context.channel.localAddress?.port) else {
      return answer(Response(.notFound))
    }
    arrivals.yield(Exchange(request, context.channel, NIOLoopBound(self, eventLoop: context.eventLoop)))
  }

  /// Nil: not below the prefix, or no path at all.
  private func request(_ head: HTTPRequestHead, _ body: ByteBuffer, port: Int?) -> Request? {
    guard head.uri.hasPrefix("/"), let parts = URLComponents(string: head.uri, encodingInvalidCharacters: false) else {
      return nil
    }
    let path = parts.percentEncodedPath.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    guard path.starts(with: prefix) else { return nil }
    return Request(
      method: head.method, path: Array(path.dropFirst(prefix.count)), query: parts.queryItems ?? [],
      headers: head.headers, body: body, port: port)
  }

  private func refuse(_ status: HTTPResponseStatus) {
    write(Response(Refusal(status, "InvalidRequest", status.reasonPhrase)), keepsAlive: false, isHead: false)
  }

  private func write(_ response: Response, keepsAlive: Bool, isHead: Bool) {
    guard let context else { return }
    var head = HTTPResponseHead(version: .http1_1, status: response.status, headers: Response.commonHeaders)
    head.headers.add(contentsOf: response.headers)
    if response.status != .noContent {
      head.headers.replaceOrAdd(name: "Content-Length", value: "\(response.body.readableBytes)")
    }
    head.headers.replaceOrAdd(name: "Connection", value: keepsAlive ? "keep-alive" : "close")
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil) }
    state = keepsAlive ? .waiting : .closing
    if keepsAlive {
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      expect(within: limits.idle)
    } else {
      let channel = context.channel
      context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }
  }

  private func expect(within time: TimeAmount) {
    deadline?.cancel()
    guard let channel = context?.channel else { return }
    deadline = channel.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
  }
}
