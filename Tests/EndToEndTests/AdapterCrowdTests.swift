import Foundation
import TestSupport
import Testing

@Suite("Crowds at invoiced-sse", .timeLimit(.minutes(5)), .serialized)
struct AdapterCrowdTests {
  private func request(_ path: String, to adapter: RunningAdapter) -> [UInt8] {
    Array(
      """
      GET \(path) HTTP/1.1\r
      Host: 127.0.0.1:\(adapter.port)\r
      Authorization: Bearer \(RunningAdapter.token)\r
      \r\n
      """.utf8)
  }

  @Test("5,000 readers that come and go at once leave all places free, whatever they say behind their request")
  func comingAndGoing() async throws {
    let adapter = try await RunningAdapter(try await RunningDaemon())
    let events = request("/events", to: adapter)
    // More than a request may have, behind one that is being answered with a stream.
    let tails: [[UInt8]] = [
      [], events, Array(repeating: events, count: 700).flatMap { $0 },
      Array("GET / HTTP/1.1\r\n".utf8) + Array(repeating: Array("A: b\r\n".utf8), count: 16_000).flatMap { $0 },
    ]
    for index in 0..<5000 {
      let reader = try RawSocket(port: adapter.port)
      try await reader.send(events)
      // Most go at once, before the stream has begun; some say more, and only then go.
      if index.isMultiple(of: 25) { try await reader.send(tails[index / 25 % tails.count]) }
    }
    try await eventually("all places are free") { try await adapter.metric("invoiced_sse_readers") == 0 }
    let reader = try adapter.stream("/events")
    try await reader.wrote("event: snapshot")
    #expect(try await adapter.metric("invoiced_sse_readers") == 1)
  }

  @Test("a client above the number of connections is told so, and those that say nothing leave room when they go")
  func silent() async throws {
    RawSocket.permit(1700)
    let adapter = try await RunningAdapter(try await RunningDaemon())
    var silent = try (0..<1600).map { _ in try RawSocket(port: adapter.port) }
    for _ in 0..<3 {
      let client = try RawSocket(port: adapter.port)
      try await client.send(request("/status", to: adapter) + [UInt8](repeating: 65, count: 50_000))
      let answer = try await client.rest()
      #expect(answer.hasPrefix("HTTP/1.1 503 ") && answer.contains(#""error":"TooManyConnections""#), "\(answer)")
      #expect(answer.lowercased().contains("retry-after: ") && !client.isReset)
    }
    #expect(silent.count == 1600)
    silent = []
    try await eventually("there is room again") {
      (try? await adapter.curl("/status", RunningAdapter.bearer()).status) == 200
    }
  }
}
