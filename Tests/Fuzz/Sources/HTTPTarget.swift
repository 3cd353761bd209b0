import Foundation
import Model
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization

@testable import Control
@testable import SSE

/// What arrives on the browsers' port, by `HeaderSizeLimiter`, NIO's parser, `RequestHandler`, `RequestTarget`, `Access` and
/// `Request.decode`.
enum HTTPTarget {
  /// Small, so that inputs come upon them.
  private static let limits = {
    var limits = HTTPLimits()
    limits.headSizeInBytes = 2048
    limits.bodySizeInBytes = 4096
    return limits
  }()

  @Sendable static func check(_ bytes: [UInt8]) {
    let whole = firstStatus([bytes])
    let cut = firstStatus(pieces(of: bytes))
    // A bound is right to a piece.
    let bounds: [Int?] = [413, 431]
    if !bounds.contains(whole), !bounds.contains(cut) {
      property("how a request is cut changes nothing", whole == cut, "\(whole ?? 0) \(cut ?? 0)")
    }
    checkStream(bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    for line in text.split(whereSeparator: \.isWhitespace).prefix(16) { checkTarget(String(line)) }
    checkBody(bytes)
    checkName(text)
  }

  /// Of the first answer, where the router says 200 to whatever it gets; nil: there is none yet.
  private static func firstStatus(_ pieces: [[UInt8]]) -> Int? {
    let connection = FuzzedConnection(limits)
    for piece in pieces {
      connection.receive(piece)
      connection.handler.answer(Response(.ok))
    }
    let answers = connection.written()
    connection.leave()
    guard let status = answers.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      property("an answer begins with its status", answers.isEmpty, answers)
      return nil
    }
    property("a connection has answers of these kinds alone", [200, 400, 404, 413, 431].contains(status), answers)
    return status
  }

  /// A stream whose client says this, too.
  private static func checkStream(_ bytes: [UInt8]) {
    let connection = FuzzedConnection(limits)
    let places = Atomic(0)
    let feed = Feed(job: nil, loops: [connection.channel.eventLoop], metrics: Metrics()) {
      places.add(1, ordering: .relaxed)
    }
    feed.reset(job: nil, last: EventID(epoch: "e", sequence: 0), recent: [])
    let half = bytes.count / 2
    connection.receive(Array("GET /events HTTP/1.1\r\n\r\n".utf8) + bytes[..<half])
    connection.handler.stream(feed, after: .snapshot, older: [])
    connection.receive(Array(bytes[half...]))
    let written = connection.written()
    property("nothing but the stream is written", written.components(separatedBy: "HTTP/1.1 ").count == 2, written)
    connection.leave()
    let given = places.load(ordering: .relaxed)
    property("a reader gives its place back, once", given == 1 && feed.readers == 0, "\(given)")
  }

  private static func checkTarget(_ text: String) {
    guard let target = RequestTarget(text) else { return }
    property("a path begins with one slash", text.hasPrefix("/") && !text.hasPrefix("//"), text)
    property("no part of a path is empty", target.path.allSatisfy { !$0.isEmpty }, text)
  }

  /// As the body of a start: nothing that is not understood is passed over.
  private static func checkBody(_ bytes: [UInt8]) {
    let body = ByteBuffer(bytes: bytes)
    let request = Request(
      method: .POST, path: ["jobs"], query: [], headers: ["Content-Type": "application/json"], body: body, port: 8025)
    do {
      let start = try request.decode(StartBody.self)
      let known = try WireJSON.decode(JSON.self, from: try WireJSON.encode(start))
      guard case .object(let given) = try WireJSON.decode(JSON.self, from: Data(bytes)) else {
        return property("a body is an object", false)
      }
      for (name, value) in given where value != .null { property("every member counts", known[name] != nil, name) }
    } catch {
      property("what is refused is a bad request", (error as? HTTPError)?.status == .badRequest, "\(error)")
    }
  }

  private static func checkName(_ text: String) {
    guard let name = Person.givenName(text) else { return }
    property("a person's name has no control character", !name.hasControl, name)
    property("a person's name is short", (1...64).contains(name.utf8.count), name)
    property("a person's name is its own", Person.givenName(name) == name, name)
  }
}

/// A connection as the server makes it.
private final class FuzzedConnection {
  let channel = EmbeddedChannel(loop: EmbeddedEventLoop())
  let handler: RequestHandler

  init(_ limits: HTTPLimits) {
    let (_, arrivals) = AsyncStream.makeStream(of: Exchange.self)
    let limiter = HeaderSizeLimiter(limits: limits)
    handler = RequestHandler(
      limits: limits, prefix: [], limiter: limiter, arrivals: arrivals, budget: ReplyBudget(), isStopping: { false })
    let pipeline = channel.pipeline.syncOperations
    let handlers: [any ChannelHandler] = [
      limiter, HTTPResponseEncoder(), ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
      handler,
    ]
    property("a connection can be made", try? pipeline.addHandlers(handlers))
    channel.connect(to: property("an address", try? SocketAddress(ipAddress: "127.0.0.1", port: 8025)), promise: nil)
  }

  func receive(_ bytes: [UInt8]) {
    channel.pipeline.fireChannelRead(ByteBuffer(bytes: bytes))
    channel.pipeline.fireChannelReadComplete()
    channel.embeddedEventLoop.run()
  }

  func written() -> String {
    channel.embeddedEventLoop.run()
    var text = ""
    while let bytes = try? channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
    return text
  }

  func leave() { _ = try? channel.finish(acceptAlreadyClosed: true) }
}
