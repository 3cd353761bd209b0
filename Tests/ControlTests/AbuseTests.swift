import Control
import Foundation
import NIOCore
import Testing

@Suite("A client that does not behave", .timeLimit(.minutes(2)), .serialized)
struct AbuseTests {
  private let echo = #"{"method":"io.invoiced.test.Echo","parameters":{"text":"a"}}"#

  @Test("a request of 64 KiB is answered, one byte more ends the connection")
  func requestBound() async throws {
    try await TestServer.with { server in
      let frame = #"{"method":"io.invoiced.test.Echo","parameters":{"text":""}}"#
      for (size, isAnswered) in [(64 * 1024, true), (64 * 1024 + 1, false)] {
        let text = String(repeating: "x", count: size - frame.utf8.count)
        let client = try await server.connect()
        // The server may close before all is written.
        try? await client.send(frame.replacing(#""""#, with: #""\#(text)""#) + "\0")
        let reply = try await client.next()
        #expect((reply != nil) == isAnswered)
      }
    }
  }

  @Test("frames of 10 MB end their connections, and memory stays flat")
  func hugeFrames() async throws {
    try await TestServer.with { server in
      let huge = ByteBuffer(repeating: UInt8(ascii: "x"), count: 10 << 20)
      let before = try residentMemory()
      for _ in 0..<20 {
        let client = try await server.connect()
        try? await client.send(huge)
        try await #expect(client.next() == nil)
        await client.close()
      }
      #expect(try residentMemory() - before < 8 << 20)
      try await #expect(server.connect().ask(echo) != nil)
    }
  }

  @Test("half a frame and silence ends the connection after the deadline, silence alone does not")
  func halfFrame() async throws {
    var limits = VarlinkLimits()
    limits.requestDeadline = .milliseconds(100)
    try await TestServer.with(limits: limits) { server in
      let silent = try await server.connect()
      let client = try await server.connect()
      try await client.send(String(echo.prefix(20)))
      try await #expect(client.next() == nil)
      // A byte now and then does not prolong it.
      let slow = try await server.connect()
      let sent = await eventually {
        try? await Task.sleep(for: .milliseconds(20))
        return (try? await slow.send("{")) == nil
      }
      #expect(sent)
      try await #expect(silent.ask(echo) != nil)
    }
  }

  @Test("500 silent connections keep nobody out; those above the bound are told so and closed")
  func silentConnections() async throws {
    var limits = VarlinkLimits()
    limits.maximumConnections = 501
    try await TestServer.with(limits: limits) { server in
      var silent: [RawClient] = []
      for _ in 0..<500 { silent.append(try await server.connect()) }
      let client = try await server.connect()
      try await #expect(client.ask(echo) != nil)
      for _ in 0..<2 {
        let other = try await server.connect()
        // Also with a call that nobody reads.
        try await #expect(other.ask(echo)?.contains(#"TooManyConnections","parameters":{"maximum":501}"#) == true)
        try await #expect(other.next() == nil)
      }
      // One that leaves makes room.
      await silent.removeLast().close()
      let hasRoom = await eventually { (try? await server.connect().ask(echo)).flatMap(\.self) != nil }
      #expect(hasRoom)
      for client in silent { await client.close() }
    }
  }

  @Test("a client that does not read stops its own call, and is closed after the deadline")
  func slowReader() async throws {
    var limits = VarlinkLimits()
    limits.replyDeadline = .milliseconds(200)
    try await TestServer.with(limits: limits) { server in
      let client = try await server.connect()
      try await client.send(
        #"{"method":"io.invoiced.test.Flood","parameters":{"size":100000},"more":true}"# + "\0")
      let ended = await eventually { !server.service.seen.peers.isEmpty && !client.channel.isActive }
      #expect(ended)
      // What the kernel's buffers hold, and no more.
      #expect(server.service.seen.producedPages < 10)
      try await #expect(server.connect().ask(echo) != nil)
    }
  }

  @Test("a silent watch hears that its client left, and what it kept is dropped")
  func clientLeaves() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      _ = try await client.ask(#"{"method":"io.invoiced.test.Wait","more":true}"#)
      #expect(server.service.seen.cancelled == 0)
      await client.close()
      let noticed = await eventually { server.service.seen.cancelled == 1 && server.service.seen.closed.count == 1 }
      #expect(noticed)
    }
  }

  @Test("the client's leaving is heard behind requests that it had sent before")
  func clientLeavesWithCallsPending() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      try await client.send(
        #"{"method":"io.invoiced.test.Wait","more":true}"# + "\0" + String(repeating: echo + "\0", count: 1000))
      _ = try await client.next()
      await client.close()
      let noticed = await eventually { server.service.seen.cancelled == 1 && server.service.seen.closed.count == 1 }
      #expect(noticed)
    }
  }
}
