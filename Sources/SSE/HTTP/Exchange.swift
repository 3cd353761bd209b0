import NIOCore
import NIOHTTP1

/// One request, and the way back. Answered exactly once.
struct Exchange: Sendable {
  let request: Request
  let channel: any Channel
  private let handler: NIOLoopBound<RequestHandler>

  init(_ request: Request, _ channel: any Channel, _ handler: NIOLoopBound<RequestHandler>) {
    self.request = request
    self.channel = channel
    self.handler = handler
  }

  func answer(_ response: Response) {
    channel.eventLoop.execute { handler.value.answer(response) }
  }

  /// Makes the connection a stream of events: sends the head, and has the feed put in what is due.
  ///
  /// - Parameter older: events behind the cursor that the feed does not keep any more.
  func stream(_ feed: Feed, after cursor: EventCursor, older: [OldEvent]) {
    channel.eventLoop.execute { handler.value.stream(feed, after: cursor, older: older) }
  }
}
