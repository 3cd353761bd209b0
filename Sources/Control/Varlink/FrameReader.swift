import NIOCore

/// Cuts what arrives on a connection into frames: UTF-8 text, each ended by one NUL byte (UAPI.20).
///
/// Nothing is read from the socket unless somebody waits in `next`, so the kernel's buffer is the only queue and a
/// peer that talks faster than it is answered stands still. The channel is to be made with `autoRead` off, and with
/// remote half-closure allowed, so that a peer may send its calls, end its side and still be answered.
final class FrameReader: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  enum Failure: Error, Hashable {
    /// A frame is longer than the bound.
    case tooLong
    /// A frame was begun and not ended in time.
    case tooSlow
    /// Bytes without a NUL at the end of the stream.
    case cutShort
  }

  private let maximumSizeInBytes: Int
  private let frameDeadline: TimeAmount?
  private var context: ChannelHandlerContext?
  private var buffer = ByteBuffer()
  /// Readable bytes of `buffer` that are known to hold no NUL.
  private var scanned = 0
  private var waiting: EventLoopPromise<ByteBuffer?>?
  private var failure: (any Error)?
  private var ended = false
  private var deadline: Scheduled<Void>?

  /// - Parameters:
  ///   - maximumSizeInBytes: of one frame, without its NUL.
  ///   - frameDeadline: from the first byte of a frame that somebody waits for to its NUL; nil: no bound.
  init(maximumSizeInBytes: Int, frameDeadline: TimeAmount?) {
    self.maximumSizeInBytes = maximumSizeInBytes
    self.frameDeadline = frameDeadline
  }

  /// The next frame without its NUL, or nil when the peer sends no more. On the channel's event loop, one at a time.
  func next(on eventLoop: any EventLoop) -> EventLoopFuture<ByteBuffer?> {
    let promise = eventLoop.makePromise(of: ByteBuffer?.self)
    waiting?.succeed(nil)
    waiting = promise
    advance()
    return promise.futureResult
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func handlerRemoved(context: ChannelHandlerContext) {
    end(failure: nil)
    self.context = nil
  }

  func channelActive(context: ChannelHandlerContext) {
    context.fireChannelActive()
    advance()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if buffer.readableBytes == 0 {
      buffer = bytes
    } else {
      buffer.writeBuffer(&bytes)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { advance() }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent { end(failure: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(failure: nil)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { end(failure: error) }

  /// Gives the one who waits a frame or the end, or asks the socket for more.
  private func advance() {
    guard let promise = waiting else { return }
    let view = buffer.readableBytesView
    if let nul = view.dropFirst(scanned).firstIndex(of: 0) {
      let size = nul - view.startIndex
      guard size <= maximumSizeInBytes else { return end(failure: Failure.tooLong) }
      let frame = buffer.readSlice(length: size)
      buffer.moveReaderIndex(forwardBy: 1)
      // An empty buffer gives its memory back: a connection that says nothing costs nothing.
      if buffer.readableBytes == 0 { buffer = ByteBuffer() }
      scanned = 0
      settle(promise, .success(frame))
      return
    }
    scanned = view.count
    if scanned > maximumSizeInBytes {
      end(failure: Failure.tooLong)
    } else if let failure {
      settle(promise, .failure(failure))
    } else if ended {
      settle(promise, scanned == 0 ? .success(nil) : .failure(Failure.cutShort))
    } else {
      if scanned > 0 { startDeadline() }
      // NIO forgets a read that is asked for before the channel is registered.
      if let context, context.channel.isActive { context.read() }
    }
  }

  private func settle(_ promise: EventLoopPromise<ByteBuffer?>, _ result: Result<ByteBuffer?, any Error>) {
    deadline?.cancel()
    deadline = nil
    waiting = nil
    promise.completeWith(result)
  }

  private func end(failure: (any Error)?) {
    if let failure {
      buffer = ByteBuffer()
      scanned = 0
      self.failure = self.failure ?? failure
    }
    ended = true
    advance()
  }

  private func startDeadline() {
    guard deadline == nil, let frameDeadline, let context else { return }
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: frameDeadline) { [weak self] in
      self?.end(failure: Failure.tooSlow)
    }
  }
}

/// The frames that arrive on a channel, for a task.
struct FrameSource: Sendable {
  private let channel: any Channel
  private let reader: NIOLoopBound<FrameReader>

  /// Adds a reader to the channel. On its event loop.
  init(channel: any Channel, maximumSizeInBytes: Int, frameDeadline: TimeAmount?) throws {
    let reader = FrameReader(maximumSizeInBytes: maximumSizeInBytes, frameDeadline: frameDeadline)
    try channel.pipeline.syncOperations.addHandler(reader)
    self.channel = channel
    self.reader = NIOLoopBound(reader, eventLoop: channel.eventLoop)
  }

  /// The next frame without its NUL, or nil when the peer sends no more. One at a time.
  ///
  /// Cancellation closes the channel: a frame that was half read cannot be read by anybody else.
  func next() async throws -> ByteBuffer? {
    try await withTaskCancellationHandler {
      try await channel.eventLoop.flatSubmit { reader.value.next(on: reader.eventLoop) }.get()
    } onCancel: {
      channel.close(promise: nil)
    }
  }
}
