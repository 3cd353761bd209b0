import Control
import NIOCore

/// One browser's stream. Used on its connection's event loop alone.
///
/// What it has not read yet is bounded by the channel's high-water mark. One that is over it gets nothing more until it
/// has read, and then the present state: nobody waits for it. One that reads nothing for `stuckAfter` is dropped.
final class Reader {
  private static let stuckAfter = TimeAmount.seconds(5)

  let channel: any Channel
  let feed: Feed
  private let encoder: ChannelHandlerContext
  private let budget: ReplyBudget
  private let end: ContinuousClock.Instant
  private var isBehind = false
  private var isEnding = false
  private var stuck: Scheduled<Void>?

  /// - Parameters:
  ///   - encoder: what is written there passes the encoder by.
  ///   - budget: of what is written for this reader alone.
  init(channel: any Channel, encoder: ChannelHandlerContext, feed: Feed, budget: ReplyBudget, lifetime: Duration) {
    self.channel = channel
    self.encoder = encoder
    self.feed = feed
    self.budget = budget
    end = .now + lifetime
  }

  func begin(after cursor: EventCursor, older: [OldEvent]) {
    write(all: [Frame.head])
    if !older.isEmpty {
      var frames = ByteBuffer()
      frames.reserveCapacity(older.reduce(0) { $0 + $1.frame.readableBytes })
      for event in older { frames.writeImmutableBuffer(event.frame) }
      let write = encoder.writeAndFlush(NIOAny(frames))
      budget.count(frames.readableBytes, for: .browser, until: write, on: channel)
    }
    feed.join(NIOLoopBound(self, eventLoop: channel.eventLoop), after: cursor)
  }

  func write(_ bytes: ByteBuffer) {
    guard !isBehind, !isEnding else { return }
    guard channel.isWritable else { return fallBehind() }
    encoder.writeAndFlush(NIOAny(bytes), promise: nil)
  }

  /// Several at once, whatever their size: what a reader is owed when it comes.
  func write(all frames: [ByteBuffer]) {
    for bytes in frames { encoder.write(NIOAny(bytes), promise: nil) }
    encoder.flush()
  }

  func isWritableAgain() {
    guard !isEnding else { return }
    stuck?.cancel()
    stuck = nil
    guard isBehind else { return }
    feed.catchUp(NIOLoopBound(self, eventLoop: channel.eventLoop))
  }

  /// The present state, which replaces what was left out.
  func caughtUp(_ snapshot: ByteBuffer) {
    isBehind = false
    write(all: [snapshot])
  }

  /// Ends cleanly after what was written, or after `stuckAfter` when the browser does not take it.
  func finish() {
    guard !isEnding else { return }
    isEnding = true
    dropWhenStuck()
    let channel = channel
    encoder.writeAndFlush(NIOAny(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
  }

  func finishIfOld(_ now: ContinuousClock.Instant) {
    if now >= end { finish() }
  }

  /// The connection is gone.
  func left() {
    stuck?.cancel()
    feed.leave(NIOLoopBound(self, eventLoop: channel.eventLoop))
  }

  private func fallBehind() {
    isBehind = true
    feed.metrics.fellBehind()
    dropWhenStuck()
  }

  private func dropWhenStuck() {
    guard stuck == nil else { return }
    let channel = channel
    stuck = channel.eventLoop.scheduleTask(in: Self.stuckAfter) { channel.close(promise: nil) }
  }
}
