import Control
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
    /// Written, and not yet taken by the client as a whole: until then there is no other answer in memory.
    case leaving(keepsAlive: Bool)
    /// Until the connection's end, so that the reader gives its place back whatever ends it.
    case streaming(Reader)
    /// Answered for the last time.
    case closing
  }

  private let limits: HTTPLimits
  private let prefix: [String]
  private let limiter: HeaderSizeLimiter
  private let arrivals: AsyncStream<Exchange>.Continuation
  /// That answers share with those of other connections.
  private let budget: ReplyBudget
  /// The server stops: no connection is kept for another request.
  private let isStopping: @Sendable () -> Bool
  private var state = State.waiting
  /// While it waits: nothing of the next request has come yet.
  private var isIdle = false
  private var deadline: Scheduled<Void>?
  private var context: ChannelHandlerContext?

  init(
    limits: HTTPLimits, prefix: [String], limiter: HeaderSizeLimiter, arrivals: AsyncStream<Exchange>.Continuation,
    budget: ReplyBudget, isStopping: @escaping @Sendable () -> Bool
  ) {
    self.limits = limits
    self.prefix = prefix
    self.limiter = limiter
    self.arrivals = arrivals
    self.budget = budget
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
      limiter.expectBody()
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
      limiter.expectHead()
      take(head, body, context)
    case (.head, .answering), (.head, .leaving), (.head, .streaming): passOver()
    default: break
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if case .waiting = state, isIdle, limiter.count > 0 {
      isIdle = false
      expect(within: limits.head)
    }
    context.fireChannelReadComplete()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if case .streaming(let reader) = state, context.channel.isWritable { reader.isWritableAgain() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch (error, state) {
    case (is HeaderSizeLimiter.TooLarge, .waiting): refuse(.requestHeaderFieldsTooLarge)
    case (is HeaderSizeLimiter.TooLarge, .reading): refuse(.payloadTooLarge)
    case (is HTTPParserError, .waiting), (is HTTPParserError, .reading): refuse(.badRequest)
    // It has its deadline, and the answer is not to be cut off by what comes behind.
    case (_, .closing): break
    // A refusal would stand in the middle of another request's answer.
    case (is HeaderSizeLimiter.TooLarge, _), (is HTTPParserError, _): passOver()
    default: context.close(promise: nil)
    }
  }

  /// What came behind a request that is being answered is not answered itself: the client sends it again over another
  /// connection (RFC 9112, 9.3.2).
  private func passOver() {
    switch state {
    case .answering(_, let isHead): state = .answering(keepsAlive: false, isHead: isHead)
    case .leaving: state = .leaving(keepsAlive: false)
    default: break
    }
    limiter.ignoreRest()
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
    let reader = Reader(
      channel: context.channel, encoder: encoder, feed: feed, budget: budget, lifetime: limits.streamLifetime())
    state = .streaming(reader)
    reader.begin(after: cursor, older: older)
  }

  private func take(_ head: HTTPRequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
    state = .answering(keepsAlive: head.isKeepAlive, isHead: head.method == .HEAD)
    guard let request = request(head, body, port: context.channel.localAddress?.port) else {
      return answer(Response(HTTPError.notFound))
    }
    arrivals.yield(Exchange(request, context.channel, NIOLoopBound(self, eventLoop: context.eventLoop)))
  }

  /// Nil: not below the prefix, or no path at all.
  private func request(_ head: HTTPRequestHead, _ body: ByteBuffer, port: Int?) -> Request? {
    guard let target = RequestTarget(head.uri), target.path.starts(with: prefix) else { return nil }
    return Request(
      method: head.method, path: Array(target.path.dropFirst(prefix.count)), query: target.query,
      headers: head.headers, body: body, port: port)
  }

  private func refuse(_ status: HTTPResponseStatus) {
    write(Response(HTTPError(status, "InvalidRequest", status.reasonPhrase)), keepsAlive: false, isHead: false)
  }

  private func write(_ response: Response, keepsAlive: Bool, isHead: Bool) {
    guard let context else { return }
    state = .leaving(keepsAlive: keepsAlive)
    if !keepsAlive { limiter.ignoreRest() }
    expect(within: limits.answer)
    context.write(wrapOutboundOut(.head(response.head(keepsAlive: keepsAlive))), promise: nil)
    if !isHead { context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil) }
    let end = context.eventLoop.makePromise(of: Void.self)
    end.futureResult.assumeIsolated().whenSuccess { _ in self.answerWasTaken() }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: end)
    budget.count(response.body.readableBytes, for: .browser, until: end.futureResult, on: context.channel)
  }

  private func answerWasTaken() {
    guard case .leaving(let keepsAlive) = state, let context else { return }
    if keepsAlive {
      state = .waiting
      isIdle = true
      expect(within: limits.idle)
    } else {
      state = .closing
      // Closed for good by the client, or by the deadline: bytes that stay unread here would make a reset of the answer
      // (RFC 9112, 9.6).
      context.channel.close(mode: .output, promise: nil)
      expect(within: limits.farewell)
    }
  }

  private func expect(within time: TimeAmount) {
    deadline?.cancel()
    guard let channel = context?.channel else { return }
    deadline = channel.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
  }
}

extension ReplyBudget.Client {
  /// Behind a proxy all are one.
  static let browser = Self(user: 0)
}
