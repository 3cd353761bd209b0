import Model
import Store
import Testing

@Suite("States of a delivery")
struct DeliveryStateTests {
  /// docs/states.md, as a table: every other change is illegal.
  private static let legal: [DeliveryState: Set<DeliveryState>] = [
    .pending: [.sending, .failed, .skipped, .cancelled, .unknown],
    .prepared: [.sending, .failed, .skipped, .cancelled, .unknown],
    .sending: [.sent, .prepared, .failed, .unknown],
    .unknown: [.sent, .prepared, .pending, .cancelled],
    .sent: [.recorded],
    .recorded: [],
    .failed: [.pending],
    .skipped: [],
    .cancelled: [],
  ]

  @Test("a delivery changes as docs/states.md draws it, and in no other way", arguments: DeliveryState.allCases)
  func changes(from state: DeliveryState) {
    for next in DeliveryState.allCases {
      #expect(state.mayBecome(next) == Self.legal[state]?.contains(next), "\(state) → \(next)")
    }
  }

  @Test("an illegal change is an error and changes nothing")
  func illegalChange() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let job = try await bench.start("r", ["1"])
    let due = try #require(try await bench.dueDeliveries().first)
    await #expect(throws: StoreError.illegalState("pending")) {
      _ = try await bench.store.finishSending(due, .sent(bench.receipt()))
    }
    #expect(try await bench.store.job(job.id).counts == Counts(total: 1))
    #expect(try await bench.events().map(\.kind) == [.start])
  }
}
