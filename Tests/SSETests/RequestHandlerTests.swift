import Control
import Foundation
import Model
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

@testable import SSE

@Suite("A connection over which requests come") struct RequestHandlerTests {
  /// A socket that takes nothing more: whatever is written waits until the end.
  private final class FullSocket: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer

    private(set) var sizeInBytes = 0
    private var waiting: [EventLoopPromise<Void>] = []

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      sizeInBytes += unwrapOutboundIn(data).readableBytes
      if let promise { waiting.append(promise) }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
      for promise in waiting { promise.fail(ChannelError.ioOnClosedChannel) }
      waiting = []
      context.close(mode: mode, promise: promise)
    }
  }

  /// A browser's connection as the server makes it, on a loop whose time the test turns. The test is the router.
  private final class Connection {
    let channel: EmbeddedChannel
    let handler: RequestHandler
    private let loop = EmbeddedEventLoop()
    let full = FullSocket()

    /// - Parameter reads: the browser takes what is written.
    init(_ limits: HTTPLimits = HTTPLimits(), budget: ReplyBudget = ReplyBudget(), reads: Bool = true) throws {
      let (_, arrivals) = AsyncStream.makeStream(of: Exchange.self)
      let limiter = HeaderSizeLimiter(limits: limits)
      handler = RequestHandler(
        limits: limits, prefix: [], limiter: limiter, arrivals: arrivals, budget: budget, isStopping: { false })
      channel = EmbeddedChannel(loop: loop)
      let pipeline = channel.pipeline.syncOperations
      if !reads { try pipeline.addHandler(full) }
      try pipeline.addHandler(limiter)
      try pipeline.addHandler(HTTPResponseEncoder())
      try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
      try pipeline.addHandler(handler)
      channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 8025), promise: nil)
    }

    /// In pieces, as a socket gives them.
    func send(_ text: String, in sizeInBytes: Int = 64 * 1024) {
      var rest = ByteBuffer(string: text)
      while let piece = rest.readSlice(length: min(sizeInBytes, rest.readableBytes)), piece.readableBytes > 0 {
        channel.pipeline.fireChannelRead(piece)
        channel.pipeline.fireChannelReadComplete()
      }
      loop.run()
    }

    /// Whether it is open when so much time has passed.
    func isOpen(after time: TimeAmount) -> Bool {
      loop.advanceTime(by: time)
      return channel.isActive
    }

    /// What was written since.
    func written() throws -> String {
      loop.run()
      var text = ""
      while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
      return text
    }

    /// Status of the answer, which the router gives unless the request was refused before it.
    func status() throws -> Int? {
      handler.answer(Response(.ok))
      return try written().split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }

    func stream(_ feed: Feed) {
      handler.stream(feed, after: .snapshot, older: [])
      loop.run()
    }

    /// The browser goes.
    func leave() throws { _ = try channel.finish(acceptAlreadyClosed: true) }
  }

  /// A request whose head is of so many bytes, in many fields.
  private func request(headSizeInBytes: Int, body: String = "") -> String {
    let end = "Content-Length: \(body.utf8.count)\r\n\r\n"
    var head = "POST /jobs HTTP/1.1\r\nHost: localhost:8025\r\n"
    while head.utf8.count + end.utf8.count < headSizeInBytes {
      let rest = headSizeInBytes - head.utf8.count - end.utf8.count
      // No field shorter than "A: \r\n", so that the last one takes what is left.
      let size = rest < 110 ? rest : 100
      head += "A: " + String(repeating: "a", count: max(0, size - 5)) + "\r\n"
    }
    return head + end + body
  }

  /// Apart from the expectation, which would describe the connection: NIO's description of a pipeline ends the process.
  private func expect(_ connection: Connection, _ status: Int, _ place: SourceLocation = #_sourceLocation) throws {
    let found = try connection.status()
    #expect(found == status, sourceLocation: place)
  }

  private let get = "GET / HTTP/1.1\r\nHost: localhost:8025\r\n\r\n"

  @Test("a head of 16 KiB passes, and none that is a piece longer, however it arrives", arguments: [7, 700, 65536])
  func heads(pieceSizeInBytes: Int) throws {
    let body = String(repeating: "b", count: 64 * 1024)
    let most = try Connection()
    most.send(request(headSizeInBytes: 16 * 1024, body: body), in: pieceSizeInBytes)
    try expect(most, 200)
    // Each request of a connection is measured anew.
    most.send(request(headSizeInBytes: 15 * 1024, body: body), in: pieceSizeInBytes)
    try expect(most, 200)
    most.send(request(headSizeInBytes: 18 * 1024), in: pieceSizeInBytes)
    try expect(most, 431)
    for size in [18 * 1024, 80 * 1024] {
      let more = try Connection()
      more.send(request(headSizeInBytes: size), in: pieceSizeInBytes)
      try expect(more, 431)
    }
  }

  @Test("a body that is longer than 64 KiB is refused as that, in chunks too")
  func bodies() throws {
    let long = String(repeating: "b", count: 64 * 1024 + 1)
    let announced = try Connection()
    announced.send(request(headSizeInBytes: 200, body: long))
    try expect(announced, 413)
    for size in [1, 1024] {
      let chunked = try Connection()
      chunked.send("POST /jobs HTTP/1.1\r\nHost: localhost:8025\r\nTransfer-Encoding: chunked\r\n\r\n")
      let chunk = String(size, radix: 16) + "\r\n" + String(repeating: "c", count: size) + "\r\n"
      chunked.send(String(repeating: chunk, count: 66 * 1024 / size))
      try expect(chunked, 413)
    }
  }

  @Test("what is no HTTP is answered with 400")
  func garbage() throws {
    let connection = try Connection()
    connection.send("hello\r\n\r\n")
    try expect(connection, 400)
  }

  @Test(
    "paths that can be read in two ways are nobody's",
    arguments: [
      "//evil.example/status", "//", "///status", "/jobs//7", "/status//", "/%ff", "/status#part", "status",
      "http://evil.example/status",
    ])
  func ambiguousPaths(path: String) throws {
    #expect(RequestTarget(path) == nil)
    let connection = try Connection()
    connection.send("GET \(path) HTTP/1.1\r\nHost: localhost:8025\r\n\r\n")
    let status = try connection.status()
    #expect(status == 404 || status == 400, "\(path): \(status ?? 0)")
  }

  @Test("the parts of a path are decoded, and a slash at its end makes no difference")
  func paths() {
    #expect(RequestTarget("/")?.path == [])
    #expect(RequestTarget("/jobs/7/")?.path == ["jobs", "7"])
    #expect(RequestTarget("/invoices/2026%2F001?after=e.1&after=")?.path == ["invoices", "2026/001"])
    #expect(RequestTarget("/events?after=e%2E1")?.query == [URLQueryItem(name: "after", value: "e.1")])
  }

  @Test("silence ends a connection: before a request, within one, and after the last answer")
  func silence() throws {
    let limits = HTTPLimits()
    let isSilentOpen = try Connection().isOpen(after: limits.head)
    #expect(!isSilentOpen)

    let slow = try Connection()
    slow.send(get)
    try expect(slow, 200)
    let isIdleOpen = slow.isOpen(after: limits.idle - .seconds(1))
    #expect(isIdleOpen)
    // The rest of the head has to follow its first byte, and not the answer before.
    slow.send("G")
    let isBegunOpen = slow.isOpen(after: limits.head - .seconds(1))
    #expect(isBegunOpen)
    slow.send("E")
    let isLateOpen = slow.isOpen(after: .seconds(1))
    #expect(!isLateOpen)
  }

  @Test("a client that does not take its answer gets no second one, and the connection ends")
  func unread() throws {
    let limits = HTTPLimits()
    let budget = ReplyBudget(maximumSizeInBytes: 512 * 1024)
    let body = ByteBuffer(repeating: 0x20, count: 300 * 1024)
    let silent = try Connection(limits, budget: budget, reads: false)
    silent.send(get)
    silent.handler.answer(Response(.ok, body: body))
    // Each of these would be an answer in memory.
    for _ in 0..<100 { silent.send(get) }
    silent.handler.answer(Response(.ok, body: body))
    let size = silent.full.sizeInBytes
    #expect(size < 2 * 300 * 1024)
    let isOpen = silent.isOpen(after: limits.answer - .seconds(1))
    #expect(isOpen)
    let isLateOpen = silent.isOpen(after: .seconds(1))
    #expect(!isLateOpen)

    // Above the sum of all, the oldest goes.
    let connections = try (0..<2).map { _ in try Connection(limits, budget: budget, reads: false) }
    for connection in connections {
      connection.send(get)
      connection.handler.answer(Response(.ok, body: body))
    }
    let areOpen = connections.map { $0.isOpen(after: .zero) }
    #expect(areOpen == [false, true])
    try connections[1].leave()
  }

  // MARK: Streams

  /// Counts the places that readers give back.
  private final class Places: Sendable {
    let given = Mutex(0)
    var count: Int { given.withLock { $0 } }
    func giveBack() { given.withLock { $0 += 1 } }
  }

  private func feed(_ connection: Connection, _ places: Places) -> Feed {
    let feed = Feed(job: nil, loops: [connection.channel.eventLoop], metrics: Metrics()) { places.giveBack() }
    feed.reset(job: nil, last: EventID(epoch: "e", sequence: 0), recent: [])
    return feed
  }

  /// What somebody may send behind a request.
  enum Tail: String, CaseIterable {
    case nothing, byte, garbage, requests, head, zeros

    var bytes: String {
      switch self {
      case .nothing: ""
      case .byte: "G"
      case .garbage: "hello\r\n\r\n"
      case .requests: String(repeating: "GET /events HTTP/1.1\r\nHost: localhost:8025\r\n\r\n", count: 2000)
      case .head: "GET / HTTP/1.1\r\n" + String(repeating: "A: b\r\n", count: 20_000)
      case .zeros: String(repeating: "\0", count: 100_000)
      }
    }
  }

  @Test("whatever comes behind a request for a stream, its place is given back once", arguments: Tail.allCases)
  func behindStream(tail: Tail) throws {
    let bytes = tail.bytes
    // Before the stream begins, and after.
    for isEarly in [true, false] {
      let (connection, places) = (try Connection(), Places())
      let feed = feed(connection, places)
      connection.send("GET /events HTTP/1.1\r\nHost: localhost:8025\r\n\r\n" + (isEarly ? bytes : ""))
      connection.stream(feed)
      if !isEarly { connection.send(bytes) }
      try connection.leave()
      let (given, readers) = (places.count, feed.readers)
      #expect(given == 1 && readers == 0, "early: \(isEarly)")
      let text = try connection.written()
      #expect(!text.contains("HTTP/1.1 4"), "no refusal in the middle of a stream: \(text.prefix(80))")
    }
  }

  @Test("what a browser says in the middle of a stream gives it no deadline")
  func talkative() throws {
    let (connection, places) = (try Connection(), Places())
    let feed = feed(connection, places)
    // The connection had an answer before.
    connection.send(get)
    try expect(connection, 200)
    connection.send("GET /events HTTP/1.1\r\nHost: localhost:8025\r\n\r\n")
    connection.stream(feed)
    connection.send("G")
    let isOpen = connection.isOpen(after: HTTPLimits().idle)
    #expect(isOpen)
    try connection.leave()
    let given = places.count
    #expect(given == 1)
  }

  @Test("a browser that is gone before its stream begins gives its place back")
  func goneBefore() throws {
    let (connection, places) = (try Connection(), Places())
    let feed = feed(connection, places)
    connection.send("GET /events HTTP/1.1\r\nHost: localhost:8025\r\n\r\n")
    try connection.leave()
    connection.stream(feed)
    let (given, readers) = (places.count, feed.readers)
    #expect(given == 1 && readers == 0)
  }

  @Test("what comes behind a request that is being answered does not cut the answer off", arguments: Tail.allCases)
  func behindAnswer(tail: Tail) throws {
    let connection = try Connection()
    connection.send(get + (tail == .nothing ? get : tail.bytes))
    connection.handler.answer(Response(.ok))
    let text = try connection.written()
    #expect(text.hasPrefix("HTTP/1.1 200"), "\(text.prefix(200))")
    // A byte may be a request's first.
    #expect(text.contains("Connection: close") == (tail != .byte), "\(text.prefix(200))")
  }
}
