import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import SSE

@Suite("The connections that there may be") struct ConnectionsTests {
  private let limits = {
    var limits = HTTPLimits()
    limits.maximumReaders = 1
    limits.otherConnections = 1
    limits.refusedConnections = 1
    return limits
  }()

  @Test("those above the maximum are told so, those above that are closed, and each that goes leaves its place")
  func admission() throws {
    let connections = Connections(limits: limits)
    let channels = (0..<4).map { _ in EmbeddedChannel() }
    #expect(channels.map(connections.admit) == [.served, .served, .refused, .closed])
    _ = try channels[2].finish(acceptAlreadyClosed: true)
    #expect(connections.admit(EmbeddedChannel()) == .refused)
    _ = try channels[0].finish(acceptAlreadyClosed: true)
    #expect(connections.admit(EmbeddedChannel()) == .served)
    #expect(connections.admit(EmbeddedChannel()) == .closed)
  }

  @Test("one above the maximum is answered as soon as it says anything, and closed when it says nothing")
  func refused() throws {
    func connection() throws -> (EmbeddedChannel, EmbeddedEventLoop) {
      let loop = EmbeddedEventLoop()
      let channel = EmbeddedChannel(loop: loop)
      try channel.pipeline.syncOperations.addHandler(HTTPResponseEncoder())
      try channel.pipeline.syncOperations.addHandler(RefusedConnection(limits: limits))
      channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 8025), promise: nil)
      return (channel, loop)
    }
    let (talking, _) = try connection()
    talking.pipeline.fireChannelRead(ByteBuffer(string: "GET"))
    talking.pipeline.fireChannelRead(ByteBuffer(string: " / HTTP/1.1\r\n"))
    var text = ""
    while let bytes = try talking.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
    #expect(text.hasPrefix("HTTP/1.1 503 ") && text.contains("TooManyConnections") && text.contains("Retry-After: "))
    #expect(text.components(separatedBy: "HTTP/1.1").count == 2)

    let (silent, loop) = try connection()
    let isOpen = silent.isActive
    #expect(isOpen)
    loop.advanceTime(by: limits.refusal)
    let isStillOpen = silent.isActive
    #expect(!isStillOpen)
  }
}
