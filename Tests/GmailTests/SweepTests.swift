import Model
import Synchronization
import Testing

@Suite(.serialized, .sandbox()) struct SweepTests {
  /// Sweeps with these answers, `.stranger` for any other delivery; the drafts that are left, by their keys.
  private func left(
    _ bench: Bench, store: String = "store", _ owners: [Int64: DraftOwner]
  ) async throws -> [String] {
    try await bench.sender.sweep(store: store) { owners[$0.delivery] ?? .stranger }
    return try await keys(bench)
  }

  private func keys(_ bench: Bench) async throws -> [String] {
    var keys: [String] = []
    for draft in try await bench.client.drafts(page: nil).drafts ?? [] {
      keys.append(try await bench.client.key(ofDraft: draft.id) ?? "none")
    }
    return keys.sorted()
  }

  private func prepare(
    _ bench: Bench, _ delivery: Int64, _ n: Int = 1, store: String = "store"
  ) async throws -> SendToken {
    try await bench.sender.prepare(
      bench.message(), for: DeliveryKey(store: store, delivery: delivery, preparation: n))
  }

  @Test("a draft that nobody will send is deleted; the one that a token names, and a stranger's, stay")
  func judges() async throws {
    let bench = try await Bench()
    _ = try await prepare(bench, 9001)
    let token = try await prepare(bench, 9002, 2)
    _ = try await prepare(bench, 9002)
    _ = try await prepare(bench, 9003)
    _ = try await prepare(bench, 9001, store: "other")
    let left = try await left(
      bench, [9001: .nobody, 9002: .token(token), 9003: .token(SendToken("no token of Gmail's"))])
    #expect(left == ["other.9001.1", "store.9002.2", "store.9003.1"])
    #expect(try await self.left(bench, [9002: .nobody, 9003: .nobody]) == ["other.9001.1"])
    #expect(try await self.left(bench, store: "other", [9001: .nobody]) == [])
    await bench.loop.shutdown()
  }

  @Test(
    "a person's draft stays, whatever its header looks like", arguments: ["", "store", "store.9001", "store.9001.1.1"])
  func persons(key: String) async throws {
    let bench = try await Bench()
    let draft = try bench.sandbox.draft(header: key.isEmpty ? [] : ["X-Invoiced-Key: \(key)"])
    #expect(try await left(bench, [9001: .nobody]) == [key.isEmpty ? "none" : key])
    try bench.sandbox.person("delete", draft)
    await bench.loop.shutdown()
  }

  @Test("one that is in hand is judged again, until it can be")
  func inHand() async throws {
    let bench = try await Bench()
    _ = try await prepare(bench, 9001)
    let asked = Mutex(0)
    try await bench.sender.sweep(store: "store") { _ in
      asked.withLock { $0 += 1 }
      return asked.withLock { $0 } < 3 ? .inFlight : .nobody
    }
    #expect(asked.withLock { $0 } == 3)
    #expect(try await keys(bench) == [])
    await bench.loop.shutdown()
  }

  @Test(
    "a look or a deletion that fails is told, and the next sweep does the rest",
    arguments: ["drafts.list", "drafts.get", "drafts.delete"],
    [Row.status(503, "backendError"), #""do":"block_page""#, #""do":"status","status":200,"body":"[]""#])
  func fails(call: String, deed: String) async throws {
    let bench = try await Bench()
    _ = try await prepare(bench, 9001)
    try bench.sandbox.rule(#"{"on":"\#(call)",\#(deed)}"#)
    await #expect(throws: StageError.self) { try await bench.sender.sweep(store: "store") { _ in .nobody } }
    #expect(try await left(bench, [9001: .nobody]) == [])
    await bench.loop.shutdown()
  }

  @Test("more drafts than a page holds are all looked through")
  func pages() async throws {
    let bench = try await Bench(sizeInBytes: 10) { $0.unitsPerMinute = 1_200_000 }
    for delivery in 1...503 { _ = try await prepare(bench, Int64(delivery)) }
    let asked = Mutex<Set<Int64>>([])
    try await bench.sender.sweep(store: "store") { key in
      asked.withLock { _ = $0.insert(key.delivery) }
      return .nobody
    }
    #expect(asked.withLock { $0.count } == 503)
    #expect(try await keys(bench) == [])
    await bench.loop.shutdown()
  }
}
