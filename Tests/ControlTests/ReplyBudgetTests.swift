import Foundation
import Synchronization
import Testing

@testable import Control

@Suite("What replies may take up", .timeLimit(.minutes(1)))
struct ReplyBudgetTests {
  /// Names of connections in the order in which they were closed.
  private final class Closed: Sendable {
    private let state = Mutex<[String]>([])
    var names: [String] { state.withLock { $0 } }
    func add(_ name: String) { state.withLock { $0.append(name) } }
  }

  @Test("above the sum, the user who reads least loses the connection that has not read for longest, and nobody else")
  func fairness() {
    let (budget, closed) = (ReplyBudget(maximumSizeInBytes: 1 << 20), Closed())
    func add(_ sizeInBytes: Int, _ user: UInt32, _ name: String) -> UInt64 {
      budget.add(sizeInBytes, for: .init(user: user)) { closed.add(name) }
    }
    let first = add(200 << 10, 1, "other")
    for index in 1...3 { _ = add(256 << 10, 2, "silent \(index)") }
    #expect(closed.names == [])
    _ = add(256 << 10, 2, "silent 4")
    #expect(closed.names == ["silent 1"])
    // What was read makes room; a second time it makes none.
    budget.remove(first)
    budget.remove(first)
    _ = add(256 << 10, 2, "silent 5")
    #expect(closed.names == ["silent 1"])
    // One that is too long by itself.
    _ = add(2 << 20, 3, "long")
    #expect(closed.names == ["silent 1", "long"])
  }

  @Test("an unread reply counts for what its call may keep, however short it is")
  func short() {
    let (budget, closed) = (ReplyBudget(maximumSizeInBytes: 1 << 20), Closed())
    for index in 1...17 { _ = budget.add(1, for: .init(user: 1)) { closed.add("\(index)") } }
    #expect(closed.names == ["1"])
  }

  @Test("a few have their turns at the same time, the others in their order, and one that leaves is passed over")
  func turns() async throws {
    let (turns, order, gate) = (Turns(2), Closed(), Closed())
    try await withThrowingTaskGroup { group in
      for _ in 1...2 {
        group.addTask {
          try await turns.run {
            order.add("first")
            #expect(await eventually { gate.names == ["open"] })
          }
        }
      }
      #expect(await eventually { order.names.count == 2 })
      let leaving = Task { try await turns.run { order.add("left") } }
      leaving.cancel()
      await #expect(throws: CancellationError.self) { try await leaving.value }
      group.addTask { try await turns.run { order.add("second") } }
      gate.add("open")
      try await group.waitForAll()
    }
    #expect(order.names == ["first", "first", "second"])
    try await turns.run { order.add("third") }
    #expect(order.names.last == "third")
  }

  @Test("clients that do not read are closed above the sum, and one that reads is answered all the while")
  func silentClients() async throws {
    let cutOffs = Mutex<[ReplyBudget.CutOff]>([])
    let budget = ReplyBudget(maximumSizeInBytes: 2 << 20) { cutOff in cutOffs.withLock { $0.append(cutOff) } }
    try await TestServer.with(budget: budget) { server in
      let reader = try await server.connect()
      var silent: [RawClient] = []
      for _ in 1...12 {
        let client = try await server.connect()
        try await client.send(
          #"{"method":"io.invoiced.test.Flood","parameters":{"size":500000},"more":true}"# + "\0")
        silent.append(client)
        try await #expect(reader.ask(#"{"method":"io.invoiced.test.Echo","parameters":{"text":"a"}}"#) != nil)
      }
      // Four of half a megabyte fit.
      #expect(await eventually { cutOffs.withLock { $0.count } == 8 })
      try await #expect(reader.ask(#"{"method":"io.invoiced.test.Echo","parameters":{"text":"a"}}"#) != nil)
      let first = try #require(cutOffs.withLock { $0.first })
      #expect(first.client == .init(user: getuid(), process: getpid()) && first.sizeInBytes > 500_000)
      for client in silent { await client.close() }
    }
  }

  @Test("a reply that is too long is refused as that, and the connection goes on")
  func tooLong() async throws {
    var limits = VarlinkLimits()
    limits.maximumReplySizeInBytes = 1000
    try await TestServer.with(limits: limits) { server in
      let client = try await server.connect()
      let flood = #"{"method":"io.invoiced.test.Flood","parameters":{"size":1000},"more":true}"#
      try await #expect(
        client.ask(flood)?.contains(#"ReplyTooLarge","parameters":{"maximum":1000,"size":1011}"#) == true)
      try await #expect(
        client.ask(#"{"method":"io.invoiced.test.Echo","parameters":{"text":"a"}}"#) == #"{"parameters":{"text":"a"}}"#)
    }
  }
}
