import Control
import Foundation
import NIOCore
import Testing

@Suite("The Varlink protocol", .timeLimit(.minutes(1)))
struct ProtocolTests {
  private let echo = #"{"method":"io.invoiced.test.Echo","parameters":{"text":"a"}}"#

  @Test("a reply is one line of JSON and one NUL, byte for byte")
  func goldenFrames() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      try await #expect(client.ask(echo) == #"{"parameters":{"text":"a"}}"#)
      try await #expect(
        client.ask(#"{"method":"io.invoiced.test.Add","parameters":{"by":2}}"#) == #"{"parameters":{}}"#)
      try await #expect(
        client.ask(#"{"method":"io.invoiced.test.Count","parameters":{"to":2},"more":true}"#)
          == #"{"continues":true,"parameters":{"number":1}}"#)
      try await #expect(client.next() == #"{"parameters":{"number":2}}"#)
      try await #expect(
        client.ask(#"{"method":"io.invoiced.test.Refuse"}"#)
          == #"{"error":"io.invoiced.test.Refused","parameters":{"reason":"because"}}"#)
    }
  }

  @Test("a call may arrive byte by byte")
  func splitReads() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      for byte in (echo + "\0").utf8 { try await client.send(ByteBuffer(bytes: [byte])) }
      try await #expect(client.next() == #"{"parameters":{"text":"a"}}"#)
    }
  }

  @Test("calls may arrive together, and are answered in their order")
  func mergedReads() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      let calls = (1...100).map { #"{"method":"io.invoiced.test.Echo","parameters":{"text":"\#($0)"}}"# + "\0" }
      try await client.send(calls.joined())
      for number in 1...100 { try await #expect(client.next() == #"{"parameters":{"text":"\#(number)"}}"#) }
    }
  }

  @Test("while a call continues, the next one of its connection waits")
  func oneAtATime() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      try await client.send(
        #"{"method":"io.invoiced.test.Count","parameters":{"to":50},"more":true}"# + "\0" + echo + "\0")
      for number in 1...50 {
        try await #expect(client.next()?.contains(#"{"number":\#(number)}"#) == true)
      }
      try await #expect(client.next() == #"{"parameters":{"text":"a"}}"#)
    }
  }

  @Test("white space between the tokens is accepted")
  func whiteSpace() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      try await #expect(
        client.ask("\n { \"method\" :\t\"io.invoiced.test.Echo\",\r\n \"parameters\": { \"text\" : \"a\" } }\n")
          == #"{"parameters":{"text":"a"}}"#)
    }
  }

  @Test("absent and null parameters are the empty object, and false flags are absent")
  func noParameters() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      for rest in ["", #","parameters":null"#, #","parameters":{}"#, #","more":false,"oneway":false"#] {
        let reply = try await client.ask(#"{"method":"io.invoiced.test.WhoAmI"\#(rest)}"#)
        #expect(reply?.contains(#""uid":"#) == true)
      }
    }
  }

  @Test("members that are named like a reverse domain are ignored")
  func vendorMembers() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      let call =
        #"{"method":"io.invoiced.test.Echo","parameters":{"text":"a"},"org.example.trace":{"id":[1,2]}}"#
      try await #expect(client.ask(call) == #"{"parameters":{"text":"a"}}"#)
    }
  }

  @Test(
    "a frame that breaks a rule ends the connection",
    arguments: [
      "", "nonsense", "[]", "{}", "{", #"{"method":1}"#, #"{"parameters":{}}"#, "\u{1}\u{2}",
      #"{"method":"io.invoiced.test.Echo","parameters":[]}"#,
      #"{"method":"io.invoiced.test.Echo","parameters":{"text":"a"},"more":1}"#,
      #"{"method":"io.invoiced.test.Echo","parameters":{"text":"a"},"oneway":"yes"}"#,
      #"{"method":"io.invoiced.test.Echo","parameters":{"text":"a"},"more":true,"oneway":true}"#,
      #"{"method":"io.invoiced.test.Echo","parameters":{"text":"a"},"more":true,"upgrade":true}"#,
      String(repeating: "[", count: 5000),
    ])
  func malformed(frame: String) async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      try await #expect(client.ask(frame) == nil)
      let other = try await server.connect()
      try await #expect(other.ask(echo) != nil)
    }
  }

  @Test("bytes that are no UTF-8 end the connection")
  func notUTF8() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      try await client.send(ByteBuffer(bytes: [0xff, 0xfe, 0x80, 0x00]))
      try await #expect(client.next() == nil)
    }
  }

  @Test("oneway gets no reply, not even an error, and changes nothing")
  func oneway() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      let calls = [
        #"{"method":"io.invoiced.test.Echo","parameters":{"text":"unheard"},"oneway":true}"#,
        #"{"method":"io.invoiced.test.Echo","oneway":true}"#,
        #"{"method":"io.invoiced.test.Refuse","oneway":true}"#,
        #"{"method":"io.invoiced.test.Nothing","oneway":true}"#,
        #"{"method":"io.invoiced.nowhere.Nothing","oneway":true}"#,
        #"{"method":"io.invoiced.test.Add","parameters":{"by":1},"oneway":true}"#,
      ]
      try await client.send((calls + [echo, ""]).joined(separator: "\0"))
      try await #expect(client.next() == #"{"parameters":{"text":"a"}}"#)
      #expect(server.service.seen.added == 0)
    }
  }

  @Test("a method with several replies wants `more`, and `continues` never goes to who did not ask")
  func expectedMore() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      let expected = #"{"error":"org.varlink.service.ExpectedMore","parameters":{}}"#
      try await #expect(client.ask(#"{"method":"io.invoiced.test.Count","parameters":{"to":2}}"#) == expected)
      try await #expect(client.ask(#"{"method":"io.invoiced.test.ContinueAnyway"}"#) == expected)
    }
  }

  @Test("what is not there is named in the error")
  func notFound() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      try await #expect(
        client.ask(#"{"method":"io.example.Nothing.Get"}"#)
          == #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"io.example.Nothing"}}"#)
      try await #expect(
        client.ask(#"{"method":"io.invoiced.test.Nothing"}"#)
          == #"{"error":"org.varlink.service.MethodNotFound","parameters":{"method":"io.invoiced.test.Nothing"}}"#)
      try await #expect(
        client.ask(#"{"method":"Nothing"}"#)
          == #"{"error":"org.varlink.service.MethodNotFound","parameters":{"method":"Nothing"}}"#)
      try await #expect(
        client.ask(#"{"method":"io.invoiced.test.WhoAmI","upgrade":true}"#)
          == #"{"error":"org.varlink.service.MethodNotImplemented","parameters":{"method":"io.invoiced.test.WhoAmI"}}"#
      )
    }
  }

  @Test(
    "a parameter that does not fit is named",
    arguments: [
      (#"{}"#, "text"), (#"{"text":null}"#, "text"), (#"{"text":1}"#, "text"),
      (#"{"text":"a","colour":"red"}"#, "colour"), (#"{"text":"a","place":"home"}"#, "place"),
      (#"{"text":"a","place":{"number":"one"}}"#, "place.number"),
      (#"{"text":"a","place":{"number":1,"town":"Lille"}}"#, "place.town"),
      (#"{"text":"a","place":{"number":9223372036854775808}}"#, "place.number"),
      (#"{"colour":"red","place":{"number":9223372036854775808}}"#, "colour"),
    ])
  func invalidParameter(parameters: String, name: String) async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      try await #expect(
        client.ask(#"{"method":"io.invoiced.test.Echo","parameters":\#(parameters)}"#)
          == #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"\#(name)"}}"#)
    }
  }

  @Test("the server says what it is, and hands out its interfaces with their comments")
  func introspection() async throws {
    try await TestServer.with { server in
      let client = try await server.client()
      let info = try await client.call(GetInfo.self, Empty())
      #expect(info.interfaces.sorted() == ["io.invoiced.test", "org.varlink.service"])
      #expect(info.vendor == "invoiced" && info.product == "test" && info.version == "1")
      for interface in info.interfaces {
        let text = try await client.call(GetInterfaceDescription.self, .init(interface: interface)).description
        #expect(text.contains("interface \(interface)\n") && text.hasPrefix("# "))
      }
      await #expect(throws: VarlinkError.interfaceNotFound("io.example")) {
        try await client.call(GetInterfaceDescription.self, .init(interface: "io.example"))
      }
    }
  }

  @Test("the peer's user, group and process are the kernel's word")
  func peer() async throws {
    try await TestServer.with { server in
      let reply = try await server.client().call(WhoAmI.self, Empty())
      #expect(reply == WhoAmI.Reply(uid: getuid(), gid: getgid(), pid: getpid()))
    }
  }

  @Test("an error that is no reply ends the connection and is reported")
  func brokenService() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      try await #expect(client.ask(#"{"method":"io.invoiced.test.Break"}"#) == nil)
      #expect(server.failures.all == ["io.invoiced.test.Break"])
    }
  }

  @Test("a client may end its side after its calls and still be answered")
  func halfClosure() async throws {
    try await TestServer.with { server in
      let client = try await server.connect()
      try await client.send(echo + "\0" + echo + "\0")
      try await client.channel.close(mode: .output)
      try await #expect(client.next() == #"{"parameters":{"text":"a"}}"#)
      try await #expect(client.next() == #"{"parameters":{"text":"a"}}"#)
      try await #expect(client.next() == nil)
    }
  }
}
