import Model
import TestSupport
import Testing

@Suite(.serialized, .sandbox()) struct SweepTests {
  /// What a sweep finds.
  private func leftovers(_ bench: Bench, store: String = "store") async throws -> [Leftover] {
    var found: [Leftover] = []
    for try await leftover in bench.sender.leftovers(store: store) { found.append(leftover) }
    return found
  }

  private func discardAll(_ bench: Bench, store: String = "store") async throws {
    for leftover in try await leftovers(bench, store: store) {
      #expect(await bench.sender.discard(leftover.token) == .removed)
    }
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

  @Test("the drafts of a store are found by their keys, and each is discarded by its own token alone")
  func finds() async throws {
    let bench = try await Bench()
    _ = try await prepare(bench, 9001)
    let token = try await prepare(bench, 9002, 2)
    let twin = try await prepare(bench, 9002, 2)
    _ = try await prepare(bench, 9001, store: "other")
    let found = try await leftovers(bench)
    #expect(found.map(\.key.description).sorted() == ["store.9001.1", "store.9002.2", "store.9002.2"])
    #expect(found.count { bench.sender.isSamePreparation($0.token, token) } == 1)
    #expect(found.count { bench.sender.isSamePreparation($0.token, twin) } == 1)
    #expect(found.allSatisfy { bench.sender.isSamePreparation($0.token, SendToken("no token of Gmail's")) })
    for leftover in found where !bench.sender.isSamePreparation(leftover.token, token) {
      #expect(await bench.sender.discard(leftover.token) == .removed)
    }
    #expect(try await keys(bench) == ["other.9001.1", "store.9002.2"])
    #expect(await bench.sender.discard(token) == .removed)
    try await discardAll(bench, store: "other")
    #expect(try await keys(bench) == [])
    await bench.loop.shutdown()
  }

  @Test(
    "a person's draft stays, whatever its header looks like", arguments: ["", "store", "store.9001", "store.9001.1.1"])
  func persons(key: String) async throws {
    let bench = try await Bench()
    let draft = try bench.sandbox.draft(header: key.isEmpty ? [] : ["X-Invoiced-Key: \(key)"])
    #expect(try await leftovers(bench) == [])
    try bench.sandbox.person("delete", draft)
    await bench.loop.shutdown()
  }

  @Test(
    "a look that fails is told, and the next sweep does the rest",
    arguments: ["drafts.list", "drafts.get"],
    [Row.status(503, "backendError"), #""do":"block_page""#, #""do":"status","status":200,"body":"[]""#])
  func fails(call: String, deed: String) async throws {
    let bench = try await Bench()
    _ = try await prepare(bench, 9001)
    try bench.sandbox.rule(#"{"on":"\#(call)",\#(deed)}"#)
    await #expect(throws: StageError.self) { try await leftovers(bench) }
    try await discardAll(bench)
    #expect(try await keys(bench) == [])
    await bench.loop.shutdown()
  }

  @Test("more drafts than a page holds are all looked through")
  func pages() async throws {
    let bench = try await Bench(sizeInBytes: 10) { $0.unitsPerMinute = 1_200_000 }
    for delivery in 1...503 { _ = try await prepare(bench, Int64(delivery)) }
    #expect(try await Set(leftovers(bench).map(\.key.delivery)).count == 503)
    try await discardAll(bench)
    #expect(try await keys(bench) == [])
    await bench.loop.shutdown()
  }
}
