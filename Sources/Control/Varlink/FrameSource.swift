import NIOCore

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
