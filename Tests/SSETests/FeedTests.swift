import Control
import Foundation
import Model
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import SSE

@Suite struct FeedTests {
  /// A connection whose stream this feed fills; nothing happens on its loop until it is run.
  private final class Browser {
    let channel: EmbeddedChannel
    let reader: Reader

    init(_ feed: Feed, _ loop: EmbeddedEventLoop) throws {
      channel = EmbeddedChannel(handler: HTTPResponseEncoder(), loop: loop)
      channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 8025), promise: nil)
      let context = try channel.pipeline.syncOperations.context(handlerType: HTTPResponseEncoder.self)
      reader = Reader(channel: channel, encoder: context, feed: feed, budget: ReplyBudget(), lifetime: .seconds(3600))
    }

    func join(after cursor: EventCursor = .snapshot) {
      reader.feed.join(NIOLoopBound(reader, eventLoop: channel.eventLoop), after: cursor)
    }

    /// What was written since, a text for each write.
    func written() throws -> [String] {
      var texts: [String] = []
      while let bytes = try channel.readOutbound(as: ByteBuffer.self) { texts.append(String(buffer: bytes)) }
      return texts
    }
  }

  private let loop = EmbeddedEventLoop()
  private let feed: Feed

  init() {
    feed = Feed(job: nil, loops: [loop], metrics: Metrics()) {}
    feed.reset(job: nil, last: EventID(epoch: "e", sequence: 0), recent: [])
  }

  private func publish(_ sequence: Int64) {
    let event = Event(
      id: EventID(epoch: "e", sequence: sequence), kind: .start, job: 1, at: Date(timeIntervalSince1970: 0),
      state: .running, counts: Counts(total: 9), elapsed: 0, pipeline: "invoices")
    feed.publish(event, json: Data("{}".utf8))
  }

  private func start(_ sequence: Int64) -> String { "id: e.\(sequence)\nevent: start\ndata: {}\n\n" }

  private func snapshot(_ sequence: Int64) -> String {
    "id: e.\(sequence)\nevent: snapshot\ndata: {\"last\":\"e.\(sequence)\"}\n\n"
  }

  @Test("events that come while the loop is busy are one write")
  func together() throws {
    let browser = try Browser(feed, loop)
    browser.join()
    loop.run()
    #expect(try browser.written() == [snapshot(0)])
    publish(1)
    publish(2)
    loop.run()
    #expect(try browser.written() == [start(1) + start(2)])
    publish(3)
    loop.run()
    #expect(try browser.written() == [start(3)])
  }

  @Test("who joins between two events gets the state after the first, and the second")
  func between() throws {
    let (early, late) = (try Browser(feed, loop), try Browser(feed, loop))
    early.join()
    publish(1)
    late.join()
    publish(2)
    loop.run()
    #expect(try early.written() == [snapshot(0), start(1), start(2)])
    #expect(try late.written() == [snapshot(1), start(2)])
  }

  @Test("who catches up between two events gets the state after the first, and the second")
  func caughtUp() throws {
    let browser = try Browser(feed, loop)
    browser.join()
    loop.run()
    browser.channel.isWritable = false
    publish(1)
    loop.run()
    browser.channel.isWritable = true
    publish(2)
    browser.reader.isWritableAgain()
    publish(3)
    loop.run()
    #expect(try browser.written() == [snapshot(0), snapshot(2), start(3)])
  }

  @Test("a browser that does not take the end keeps its place no longer than five seconds")
  func stuckAtTheEnd() throws {
    let browser = try Browser(feed, loop)
    browser.join()
    loop.run()
    // A socket that is full: nothing is written, and no write ends.
    try browser.channel.pipeline.syncOperations.addHandler(FullSocket(), position: .first)
    feed.end()
    loop.advanceTime(by: .seconds(4))
    let isKept = browser.channel.isActive
    #expect(isKept)
    // What it reads meanwhile does not keep it.
    browser.reader.isWritableAgain()
    loop.advanceTime(by: .seconds(1))
    let isKeptOn = browser.channel.isActive
    #expect(!isKeptOn)
  }

  private final class FullSocket: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      guard let promise else { return }
      context.channel.closeFuture.cascadeFailure(to: promise)
      context.channel.closeFuture.whenSuccess { promise.fail(ChannelError.ioOnClosedChannel) }
    }
  }

  @Test("every sign of life says whether the daemon answers")
  func signsOfLife() throws {
    let browser = try Browser(feed, loop)
    browser.join()
    loop.run()
    _ = try browser.written()
    feed.tell(daemonAnswers: false)
    loop.run()
    feed.ping()
    loop.run()
    feed.tell(daemonAnswers: true)
    loop.run()
    #expect(try browser.written() == [false, false, true].map { "event: ping\ndata: {\"daemon\":\($0)}\n\n" })
  }

  @Test("who has left gets nothing more, and the last event comes before the end")
  func leaving() throws {
    let (gone, stays) = (try Browser(feed, loop), try Browser(feed, loop))
    gone.join()
    stays.join()
    loop.run()
    gone.reader.left()
    publish(1)
    feed.end()
    loop.run()
    #expect(try gone.written() == [snapshot(0)])
    #expect(try stays.written().joined() == snapshot(0) + start(1))
    #expect(!stays.channel.isActive)
  }
}
