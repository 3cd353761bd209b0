@testable import Control
import Foundation
import NIOCore
import Testing

@Suite("The client", .timeLimit(.minutes(1)))
struct ClientTests {
  @Test("a call returns its reply or throws the method's error, and the connection stays usable")
  func calls() async throws {
    try await TestServer.with { server in
      let client = try await server.client()
      #expect(try await client.call(Echo.self, .init(text: "é 🚀 \"\n")) == .init(text: "é 🚀 \"\n"))
      let refused = VarlinkError(
        name: "io.invoiced.test.Refused", parameters: .object(["reason": .string("because")]))
      await #expect(throws: refused) {
        try await client.call(Refuse.self, Empty())
      }
      #expect(try await client.exchange(Echo.self, .init(text: "é/")).json == Data(#"{"text":"é/"}"#.utf8))
      await client.close()
      await client.close()
    }
  }

  @Test("a stream gives every reply in order, then ends")
  func streams() async throws {
    try await TestServer.with { server in
      let client = try await server.client()
      var numbers: [Int] = []
      for try await reply in try await client.stream(Count.self, .init(to: 1000)) {
        numbers.append(reply.parameters.number)
      }
      #expect(numbers == Array(1...1000))
      #expect(try await client.call(Echo.self, .init(text: "a")) == .init(text: "a"))
    }
  }

  @Test("a stream is read as it is asked for: what is not asked for is not produced")
  func backPressure() async throws {
    try await TestServer.with { server in
      let client = try await server.client()
      var replies = try await client.stream(Flood.self, .init(size: 100_000)).makeAsyncIterator()
      for _ in 0..<100 { _ = try await replies.next() }
      #expect(server.service.seen.producedPages < 110)
      await #expect(throws: VarlinkClient.Failure.busy) { try await client.call(Echo.self, .init(text: "a")) }
    }
  }

  @Test("a cancelled stream closes its connection, and the service hears of it")
  func cancellation() async throws {
    try await TestServer.with { server in
      let client = try await server.client()
      let (replies, reply) = AsyncStream.makeStream(of: Void.self)
      await withTaskGroup { tasks in
        tasks.addTask {
          await #expect(throws: CancellationError.self) {
            for try await _ in try await client.stream(Wait.self, Empty()) { reply.yield() }
          }
          reply.finish()
        }
        // Before its first reply the service would hear of it by that, which cannot be written, and not by cancellation.
        var iterator = replies.makeAsyncIterator()
        let first: Void? = await iterator.next()
        #expect(first != nil)
        tasks.cancelAll()
      }
      let noticed = await eventually { server.service.seen.cancelled == 1 }
      #expect(noticed)
    }
  }

  @Test("a server that goes before the reply is a lost connection, one that is not there is unreachable")
  func lost() async throws {
    try await TestServer.with { server in
      let client = try await server.client()
      await #expect(throws: VarlinkClient.Failure.connectionLost) { try await client.call(Break.self, Empty()) }
      let nowhere = server.path + "-nowhere"
      await #expect(throws: VarlinkClient.Failure.unreachable(path: nowhere, errno: ENOENT)) {
        try await VarlinkClient.connect(to: nowhere, group: server.group)
      }
      let long = server.path + String(repeating: "x", count: 200)
      await #expect(throws: VarlinkClient.Failure.unreachable(path: long, errno: ENAMETOOLONG)) {
        try await VarlinkClient.connect(to: long, group: server.group)
      }
    }
  }

  @Test("fields that the client does not know are passed over, and kept in the JSON")
  func unknownFields() throws {
    let frame = #"{"parameters":{"text":"a","since":"later"},"continues":false,"org.example.x":1}"#
    let reply = try VarlinkReply<Echo>(ByteBuffer(string: frame))
    #expect(reply.parameters.text == "a" && !reply.continues)
    #expect(reply.json == Data(#"{"since":"later","text":"a"}"#.utf8))
    #expect(throws: VarlinkClient.Failure.self) { try VarlinkReply<Echo>(ByteBuffer(string: "{}")) }
    #expect(throws: VarlinkClient.Failure.self) { try VarlinkReply<Echo>(ByteBuffer(string: "nonsense")) }
  }
}
