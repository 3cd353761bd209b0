import Foundation
import Model
import Store
import Testing
import TestSupport

@Suite("Jobs: holds, cancel, retry, resolve")
struct JobControlTests {
  private func bench(_ count: Int) async throws -> (StoreBench, Job) {
    let bench = try StoreBench()
    let numbers = (1...count).map { "N\($0)" }
    try await bench.add(numbers.map { .sample($0) })
    return (bench, try await bench.start("r", numbers))
  }

  @Test("a job is paused while it has any hold, and each hold goes by its own cause only")
  func holdsAreASet() async throws {
    let (bench, job) = try await bench(2)
    _ = try await bench.store.pause(job.id, by: StoreBench.person)
    try await bench.store.hold(pipeline: "invoices", .daily, .dailyLimit, "")
    #expect(try await bench.store.job(job.id).holds.map(\.kind) == [.human, .daily])
    #expect(try await bench.dueDeliveries().isEmpty)
    try await bench.store.release(pipeline: "invoices", .daily)
    #expect(try await bench.store.job(job.id).state == .paused)
    let resumed = try await bench.store.resume(job.id, by: StoreBench.person)
    #expect(resumed.state == .running && resumed.holds.isEmpty)
    #expect(try await bench.dueDeliveries().count == 2)
    await #expect(throws: StoreError.illegalState("running")) {
      _ = try await bench.store.resume(job.id, by: StoreBench.person)
    }
  }

  @Test("a job that starts under a held sender is paused at once, and told so")
  func startUnderHold() async throws {
    let (bench, first) = try await bench(1)
    try await bench.store.hold(pipeline: "invoices", .sender, .credentialInvalid, "invalid_grant")
    #expect(try await bench.store.job(first.id).state == .paused)
    try await bench.add([.sample("X")])
    let second = try await bench.start("s", ["X"])
    #expect(second.state == .paused)
    #expect(try await bench.events(second.id).map(\.kind) == [.start, .paused])
  }

  @Test("cancel ends what was not begun, keeps what is unknown, and the counts add up")
  func cancel() async throws {
    let (bench, job) = try await bench(4)
    let due = try await bench.dueDeliveries()
    for delivery in due.prefix(3) { #expect(try await bench.begin(delivery) == .go) }
    _ = try await bench.store.finishSending(due[0], .sent(bench.receipt()))
    _ = try await bench.store.finishSending(due[1], .unknown(.answerLost, "", ask: false))
    let (cancelled, tokens) = try await bench.store.cancel(job.id, by: StoreBench.person)
    #expect(cancelled.state == .running, "one delivery is still being sent")
    #expect(tokens.isEmpty)
    let later = bench.clock.time.now().addingTimeInterval(1)
    let token = try await bench.store.finishSending(due[2], .again(.rateLimited, "", at: later, counts: false))
    #expect(token == SendToken("t\(due[2].id)"), "the draft is to be discarded")
    let end = try await bench.store.job(job.id)
    #expect(end.state == .cancelled)
    #expect(end.counts.sent == 1 && end.counts.unknown == 1 && end.counts.cancelled == 2 && end.counts.left == 0)
    let claimed = try await bench.start("next", ["N2"])
    #expect(claimed.counts.toCheck == 1 && claimed.counts.total == 0, "the unknown one keeps its claim")
  }

  @Test("retry takes what failed for a passing reason, with the invoice as it stands now, and reopens the job")
  func retry() async throws {
    let (bench, job) = try await bench(3)
    let due = try await bench.dueDeliveries()
    try await bench.store.fail(due[0].id, .unreachable, "")
    try await bench.store.fail(due[1].id, .recipientRefused, "Invalid To header")
    #expect(try await bench.begin(due[2]) == .go)
    _ = try await bench.store.finishSending(due[2], .failed(.recipientRefused, "Invalid To header"))
    #expect(try await bench.store.job(job.id).state == .completed)
    try await bench.add([.sample("N2", to: "right@customer.example")])
    let (reopened, retried) = try await bench.store.retry(
      job.id, permanent: false, delivery: nil, by: StoreBench.person)
    #expect(retried == 2 && reopened.state == .running, "N1, and N2 whose address was corrected")
    let again = try await bench.dueDeliveries()
    #expect(again.map(\.invoice.to[0].address) == ["a@customer.example", "right@customer.example"])
    #expect(try await bench.events().filter { $0.kind == .start }.count == 2)
    await #expect(throws: StoreError.attemptChanged(1)) {
      _ = try await bench.store.retry(job.id, permanent: true, delivery: (3, 0), by: StoreBench.person)
    }
  }

  @Test("a person decides about an unknown delivery, of the attempt that they saw")
  func resolve() async throws {
    let (bench, job) = try await bench(2)
    for due in try await bench.dueDeliveries() {
      #expect(try await bench.begin(due) == .go)
      _ = try await bench.store.finishSending(due, .unknown(.draftGone, "", ask: true))
    }
    #expect(try await bench.store.job(job.id).state == .waiting)
    await #expect(throws: StoreError.attemptChanged(1)) {
      _ = try await bench.store.resolve(job: job.id, position: 1, attempt: 2, sent: nil, by: StoreBench.person)
    }
    _ = try await bench.store.resolve(
      job: job.id, position: 1, attempt: 1, sent: bench.receipt(), by: StoreBench.person)
    let second = try await bench.store.resolve(
      job: job.id, position: 2, attempt: 1, sent: nil, by: StoreBench.person)
    #expect(second.state == .pending)
    #expect(try await bench.store.job(job.id).state == .running)
    try await bench.sendAll()
    try await bench.store.markRecorded(try #require(try await bench.store.listedInvoice("N1").deliveries.first?.place))
    #expect(try await bench.store.job(job.id).state == .completed)
  }

  @Test("after a crash between taking a draft back and a person's decision, the person is asked again, and nobody else")
  func resolvingSurvivesACrash() async throws {
    let (bench, job) = try await bench(1)
    let due = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(due) == .go)
    _ = try await bench.store.finishSending(due, .unknown(.answerLost, "", ask: false))
    let unknown = try #require(try await bench.store.unknowns(pipeline: "invoices", except: [], limit: 10).first)
    let (token, _) = try await bench.store.beginResolving(job: job.id, position: 1, attempt: 1)
    #expect(token == SendToken("t\(due.id)"))
    // A look that had begun before sees the draft gone.
    #expect(try await bench.store.settle(unknown, .sent(bench.receipt())) == nil)
    let store = try bench.reopened()
    _ = try await store.recover()
    #expect(try await store.unknowns(pipeline: "invoices", except: [], limit: 10).isEmpty)
    let counts = try await store.job(job.id).counts
    #expect(counts.unknown == 1 && counts.sent == 0)
  }

  @Test("what was found about one attempt says nothing about the next one")
  func findingOfAnEarlierAttempt() async throws {
    let (bench, job) = try await bench(1)
    var looks: [DueDelivery] = []
    for attempt in 1...2 {
      let due = try #require(try await bench.dueDeliveries().first)
      #expect(try await bench.begin(due) == .go)
      _ = try await bench.store.finishSending(due, .unknown(.answerLost, "", ask: false))
      looks += try await bench.store.unknowns(pipeline: "invoices", except: [], limit: 10)
      if attempt == 1 {
        _ = try await bench.store.resolve(job: job.id, position: 1, attempt: 1, sent: nil, by: StoreBench.person)
      }
    }
    _ = try await bench.store.settle(looks[0], .sent(bench.receipt()))
    #expect(try await bench.store.job(job.id).counts.unknown == 1)
    _ = try await bench.store.settle(looks[1], .sent(bench.receipt()))
    #expect(try await bench.store.job(job.id).counts.sent == 1)
  }

  @Test("an outcome that holds the sender places the hold in the same commit")
  func heldOutcome() async throws {
    let (bench, job) = try await bench(2)
    let due = try await bench.dueDeliveries()
    #expect(try await bench.begin(due[0]) == .go)
    let until = bench.clock.time.now().addingTimeInterval(100)
    _ = try await bench.store.finishSending(due[0], .held(.daily, .dailyLimit, "words", until: until))
    #expect(try await bench.store.job(job.id).state == .paused)
    #expect(try await bench.store.job(job.id).holds.map(\.until) == [until])
    #expect(try await bench.dueDeliveries().isEmpty)
    #expect(try await bench.store.nextTime(pipeline: "invoices") == until)
    try await bench.store.releaseEnded(pipeline: "invoices")
    #expect(try await bench.store.job(job.id).state == .paused)
    bench.clock.turn(by: .seconds(100))
    try await bench.store.releaseEnded(pipeline: "invoices")
    #expect(try await bench.dueDeliveries().map(\.state) == [.prepared, .pending])
  }

  @Test("a job that waits for an unknown delivery loses its pause when it is resumed")
  func resumeWhileWaiting() async throws {
    let (bench, job) = try await bench(1)
    let due = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(due) == .go)
    _ = try await bench.store.pause(job.id, by: StoreBench.person)
    _ = try await bench.store.finishSending(due, .unknown(.answerLost, "", ask: false))
    #expect(try await bench.store.job(job.id).state == .waiting)
    _ = try await bench.store.resume(job.id, by: StoreBench.person)
    let unknown = try #require(try await bench.store.unknowns(pipeline: "invoices", except: [], limit: 10).first)
    _ = try await bench.store.settle(unknown, .notSent)
    #expect(try await bench.store.job(job.id).state == .running)
  }

  @Test("what was being sent when the daemon died is unknown, and a test job is cancelled")
  func recovery() async throws {
    let (bench, job) = try await bench(2)
    let due = try await bench.dueDeliveries()
    #expect(try await bench.begin(due[0]) == .go)
    let test = try await bench.store.createJob(
      JobRequest(id: "t", pipeline: "invoices", filter: Filter(numbers: ["N1"]), testTo: "me@example.com"),
      exclusive: false, by: StoreBench.person)
    let store = try bench.reopened()
    _ = try await store.recover()
    let after = try await store.job(job.id)
    #expect(after.state == .running && after.counts.unknown == 1 && after.counts.left == 1)
    #expect(try await store.job(test.id).state == .cancelled)
    let unknowns = try await store.unknowns(pipeline: "invoices", except: [], limit: 10)
    #expect(unknowns.map(\.token) == [SendToken("t\(due[0].id)")] && unknowns[0].unknown == 1)
  }

  @Test("the day's count refuses the next message until the oldest is a day old")
  func dailyLimit() async throws {
    let (bench, _) = try await bench(3)
    let due = try await bench.dueDeliveries()
    #expect(try await bench.begin(due[0], perDay: 2) == .go)
    let first = bench.clock.time.now()
    bench.clock.turn(by: .seconds(3600))
    #expect(try await bench.begin(due[1], perDay: 2) == .go)
    #expect(try await bench.begin(due[2], perDay: 2) == .dailyLimit(until: first.addingTimeInterval(86400)))
    bench.clock.turn(by: .seconds(23 * 3600 + 1))
    #expect(try await bench.begin(due[2], perDay: 2) == .go)
  }
}
