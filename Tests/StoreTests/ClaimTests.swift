import Model
import Store
import Testing
import TestSupport

@Suite("Claims")
struct ClaimTests {
  @Test("two jobs started at once share the invoices out: each has one claim")
  func twoJobsAtOnce() async throws {
    let bench = try StoreBench()
    let numbers = (1...40).map { "N\($0)" }
    try await bench.add(numbers.map { .sample($0) })
    async let first = bench.start("a", numbers)
    async let second = bench.start("b", numbers)
    let jobs = try await [first, second]
    #expect(jobs.map(\.counts.total).reduce(0, +) == 40)
    #expect(jobs.map(\.counts.inOtherJobs).reduce(0, +) == 40 && jobs.allSatisfy { $0.counts.already == 0 })
  }

  @Test("a retry and a second job at once never both have an invoice")
  func retryRacesJob() async throws {
    let bench = try StoreBench()
    let numbers = (1...20).map { "\($0)" }
    try await bench.add(numbers.map { .sample($0) })
    let job = try await bench.start("first", numbers)
    for due in try await bench.dueDeliveries(20) { try await bench.store.fail(due.id, .unreachable, "") }
    async let retried = bench.store.retry(job.id, permanent: true, delivery: nil, by: StoreBench.person).retried
    async let again = bench.store.retry(job.id, permanent: true, delivery: nil, by: StoreBench.person).retried
    async let second = bench.store.createJob(
      JobRequest(id: "second", pipeline: "invoices", filter: Filter(numbers: numbers)), exclusive: true,
      by: StoreBench.person)
    let taken = try await (retried, again, second.counts.total)
    #expect(taken.0 + taken.1 + taken.2 == 20, "\(taken)")
    let open = try await bench.store.deliveries(job: nil, states: [.pending], period: nil, after: 0, limit: 100)
    #expect(Set(open.map(\.number)).count == 20 && open.count == 20)
  }

  @Test("the same request returns the same job; with other parameters it is refused")
  func repeatedRequest() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1"), .sample("2")])
    let job = try await bench.start("r", ["1"])
    #expect(try await bench.start("r", ["1"]).id == job.id)
    for (numbers, filter) in [(["1", "2"], Filter()), (["1"], Filter(cct: "X"))] {
      await #expect(throws: StoreError.requestReused(job: job.id)) {
        _ = try await bench.start("r", numbers, filter: filter)
      }
    }
  }

  @Test("what was sent is counted as already, and a job of nothing else is completed at once")
  func alreadySent() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1"), .sample("2")])
    _ = try await bench.start("a", ["1", "2"])
    try await bench.sendAll()
    let again = try await bench.start("b", ["1", "2"])
    #expect(again.state == .completed)
    #expect(again.counts.total == 0 && again.counts.already == 2)
  }

  @Test("a held or marked invoice is not due; with nothing else there is no job")
  func notDue() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1"), .sample("2")], sentAt: ["2": true])
    try await bench.store.hold(invoice: "1", reason: "dispute", by: StoreBench.person)
    await #expect(throws: StoreError.nothingDue(held: 1, markedSent: 1)) { _ = try await bench.start("a", ["1", "2"]) }
    #expect(try await bench.store.jobs(before: nil, limit: 10).isEmpty)
  }

  @Test("a rehearsal claims nothing and stands in nobody's way")
  func rehearsal() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    #expect(try await bench.start("rehearsal", ["1"], exclusive: false).counts.total == 1)
    #expect(try await bench.start("real", ["1"]).counts.total == 1)
    #expect(try await bench.start("rehearsal 2", ["1"], exclusive: false).counts.total == 1)
  }

  @Test("the sending commit looks at the claim again: its loser is skipped")
  func claimLostBeforeSending() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let first = try await bench.start("a", ["1"])
    let due = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(due) == .go)
    _ = try await bench.store.finishSending(due, .failed(.recipientRefused, ""))
    // Another job takes it; the retry of the first has lost.
    _ = try await bench.start("b", ["1"])
    let retry = try await bench.store.retry(first.id, permanent: true, delivery: nil, by: StoreBench.person)
    #expect(retry.retried == 0)
  }

  @Test("an invoice that is held after the start is skipped, also at the last moment")
  func heldAfterStart() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1"), .sample("2")])
    let job = try await bench.start("a", ["1", "2"])
    let due = try await bench.dueDeliveries()
    #expect(due.count == 2)
    try await bench.store.hold(invoice: "1", reason: "dispute", by: StoreBench.person)
    #expect(try await bench.begin(due[0]) == .notNow)
    #expect(try await bench.begin(due[1]) == .go)
    #expect(try await bench.store.job(job.id).counts.skipped == 1)
  }

  @Test("a hold that the store's own trouble has placed is waited for, with the draft in hand; any other is not")
  func heldByTrouble() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let job = try await bench.start("a", ["1"])
    let due = try #require(try await bench.dueDeliveries().first)
    try await bench.store.hold(pipeline: job.pipeline, .store, .storeFull, "")
    #expect(try await bench.begin(due) == .storeHeld)
    _ = try await bench.store.pause(job.id, by: StoreBench.person)
    #expect(try await bench.begin(due) == .notNow)
    _ = try await bench.store.resume(job.id, by: StoreBench.person)
    try await bench.store.release(pipeline: job.pipeline, .store)
    #expect(try await bench.begin(due) == .go)
  }

  @Test("a resend overrides claims of what was sent, and no others")
  func resend() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1"), .sample("2")])
    _ = try await bench.start("a", ["1"])
    try await bench.sendAll()
    _ = try await bench.start("b", ["2"])
    let resend = try await bench.start("c", ["1", "2"], resend: "lost by the customer")
    #expect(resend.counts.total == 1 && resend.counts.already == 0 && resend.counts.inOtherJobs == 1)
  }

  @Test("a resend with a limit gives up the claims of the invoices that it takes, and of no others")
  func limitedResend() async throws {
    let bench = try StoreBench()
    try await bench.add((1...4).map { .sample("\($0)") })
    _ = try await bench.start("a", ["1", "2", "3"])
    try await bench.sendAll()
    let all = ["1", "2", "3", "4"]
    let resend = try await bench.start("b", all, filter: Filter(limit: 2), resend: "lost by the customer")
    #expect(resend.counts.total == 2 && resend.counts.already == 1)
    try await bench.sendAll()
    let later = try await bench.start("c", all)
    #expect(later.counts.total == 1 && later.counts.already == 3, "4 alone was never sent")
  }

  @Test("a limit bounds due invoices, not matching ones")
  func limit() async throws {
    let bench = try StoreBench()
    try await bench.add((1...5).map { .sample("\($0)") })
    _ = try await bench.start("a", ["1", "2"])
    let job = try await bench.start("b", (1...5).map(String.init), filter: Filter(limit: 2))
    #expect(job.counts.total == 2 && job.counts.inOtherJobs == 2)
    let deliveries = try await bench.store.deliveries(job: job.id, states: [], period: nil, after: 0, limit: 10)
    #expect(deliveries.map(\.number) == ["3", "4"])
  }
}
