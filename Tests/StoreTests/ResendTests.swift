import Model
import Store
import Testing

@Suite("What is sent again")
struct ResendTests {
  private func sentOnce() async throws -> StoreBench {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    _ = try await bench.start("first", ["1"])
    try await bench.sendAll()
    return bench
  }

  private func isDue(_ bench: StoreBench) async throws -> Bool {
    let eligibilities = try await bench.store.eligibilities(
      of: ["1"], StartScope(pipeline: "invoices", exclusive: true))
    return eligibilities == [.due]
  }

  @Test("a resend that fails leaves the invoice as it was: sent, and not due")
  func failed() async throws {
    let bench = try await sentOnce()
    let job = try await bench.start("again", ["1"], resend: "lost")
    let delivery = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(delivery) == .go)
    _ = try await bench.store.finishSending(delivery, .failed(.recipientRefused, ""))
    #expect(try await !isDue(bench))
    #expect(try await bench.start("third", ["1"]).counts.already == 1)

    // Tried again, it takes the claim once more, and keeps it once it is sent.
    let retried = try await bench.store.retry(job.id, permanent: true, delivery: nil, by: StoreBench.person)
    #expect(retried.retried == 1)
    try await bench.sendAll()
    #expect(try await bench.store.job(job.id).counts.sent == 1)
    #expect(try await bench.start("fourth", ["1"]).counts.already == 1)
  }

  @Test("a resend that is cancelled, before it began or in the middle, gives the claim back")
  func cancelled() async throws {
    let bench = try await sentOnce()
    let job = try await bench.start("again", ["1"], resend: "lost")
    _ = try await bench.store.cancel(job.id, by: StoreBench.person)
    #expect(try await !isDue(bench))

    let second = try await bench.start("once more", ["1"], resend: "lost")
    let delivery = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(delivery) == .go)
    _ = try await bench.store.cancel(second.id, by: StoreBench.person)
    let later = bench.clock.time.now()
    _ = try await bench.store.finishSending(delivery, .again(.rateLimited, "", at: later, counts: false))
    #expect(try await bench.store.job(second.id).state == .cancelled)
    #expect(try await !isDue(bench))
  }

  @Test("while a resend is under way nobody else has the claim, and a failed one cannot take it from the next")
  func oneAtATime() async throws {
    let bench = try await sentOnce()
    let first = try await bench.start("again", ["1"], resend: "lost")
    let delivery = try #require(try await bench.dueDeliveries().first)
    let third = try await bench.start("third", ["1"], resend: "lost")
    #expect(third.counts.total == 0 && third.counts.inOtherJobs == 1, "only what was sent is sent again")
    #expect(try await bench.begin(delivery) == .go)
    _ = try await bench.store.finishSending(delivery, .failed(.recipientRefused, ""))
    _ = try await bench.start("fourth", ["1"], resend: "lost")
    let retried = try await bench.store.retry(first.id, permanent: true, delivery: nil, by: StoreBench.person)
    #expect(retried.retried == 0)
  }
}
