import Model
import Store
import Testing

/// A commit whose sync failed may stand on the disk: whoever made it asks again, and must not make it twice.
@Suite("Changes that are repeated")
struct RepeatedChangeTests {
  @Test("the commit before a send is made once, and says so both times")
  func begin() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let job = try await bench.start("r", ["1"])
    let due = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(due) == .go)
    #expect(try await bench.begin(due) == .go)
    let delivery = try await bench.store.deliveries(job: job.id, states: [], period: nil, after: 0, limit: 1).first
    #expect(delivery?.attempt == 1 && delivery?.state == .sending)
    // Another's token, or one that has gone on, is another matter.
    #expect(
      try await bench.store.beginSending(due, token: SendToken("other"), delivers: true, messagesPerDay: nil)
        == .notNow)
    _ = try await bench.store.finishSending(due, .sent(bench.receipt()))
    #expect(try await bench.begin(due) == .notNow)
  }

  @Test("the outcome is written once, whatever its delivery has become since")
  func finish() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let job = try await bench.start("r", ["1"])
    let due = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(due) == .go)
    _ = try await bench.store.finishSending(due, .sent(bench.receipt("first")))
    let events = try await bench.events().count
    _ = try await bench.store.finishSending(due, .sent(bench.receipt("second")))
    try await bench.store.markRecorded(due.id)
    _ = try await bench.store.finishSending(due, .sent(bench.receipt("third")))
    let delivery = try await bench.store.deliveries(job: job.id, states: [], period: nil, after: 0, limit: 1).first
    #expect(delivery?.receipt?.message == "first" && delivery?.state == .recorded)
    #expect(try await bench.events().count == events + 1, "the job's end alone")
    #expect(try await bench.store.job(job.id).counts.sent == 1)
  }
}
