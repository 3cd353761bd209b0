import Model
import Store
import Testing

@Suite("What a start leaves out")
struct LeftOutTests {
  /// Six invoices: 1 sent, 2 to be checked, 3 in a paused job, 4 on hold, 5 marked as sent, 6 due.
  private func mixed() async throws -> (bench: StoreBench, paused: Job) {
    let bench = try StoreBench()
    try await bench.add((1...6).map { .sample("\($0)") }, sentAt: ["5": true])
    _ = try await bench.start("sent", ["1"])
    try await bench.sendAll()
    _ = try await bench.start("unknown", ["2"])
    let due = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(due) == .go)
    _ = try await bench.store.finishSending(due, .unknown(.answerLost, "", ask: true))
    let paused = try await bench.store.pause(try await bench.start("paused", ["3"]).id, by: StoreBench.person)
    try await bench.store.hold(invoice: "4", reason: "dispute", by: StoreBench.person)
    return (bench, paused)
  }

  private let all = (1...6).map(String.init)

  @Test("only what was sent counts as already sent; the rest is counted apart, with the jobs that have it")
  func counts() async throws {
    let (bench, paused) = try await mixed()
    let job = try await bench.start("again", all)
    let counts = job.counts
    #expect(counts.total == 1 && counts.already == 1 && counts.inOtherJobs == 1 && counts.toCheck == 1)
    #expect(counts.held == 1 && counts.markedSent == 1)
    let others = [
      OtherJob(job: paused.id - 1, state: .waiting, invoices: 1), OtherJob(job: paused.id, state: .paused, invoices: 1),
    ]
    #expect(job.others == others)
    let start = try #require(try await bench.events(job.id).first)
    #expect(start.kind == .start && start.others == others && start.counts == counts)
    // Their states are those of now.
    _ = try await bench.store.resume(paused.id, by: StoreBench.person)
    #expect(try await bench.store.job(job.id).others?.map(\.state) == [.waiting, .running])
  }

  @Test("a plan counts as the start does, and a limit bounds what it takes")
  func plan() async throws {
    let (bench, _) = try await mixed()
    try await bench.add([.sample("7"), .sample("8")])
    let scope = StartScope(pipeline: "invoices", exclusive: true)
    let plan = try await bench.store.plan(Filter(limit: 2), scope)
    #expect(plan.taken == 2 && plan.examples.map(\.number) == ["6", "7"] && plan.periods.values.reduce(0, +) == 2)
    let job = try await bench.start("limited", all + ["7", "8"], filter: Filter(limit: 2))
    #expect(job.counts.total == 2)
    var leftOut = plan.tally.counts
    (leftOut.total, leftOut.left) = (2, 2)
    #expect(leftOut == job.counts && plan.tally.others == job.others)
    let test = try await bench.store.plan(Filter(), StartScope(pipeline: "invoices", exclusive: false))
    #expect(test.taken == 6 && test.tally[.held] == 1, "a test takes what others have")
  }

  @Test("numbers that are not there, and those that other conditions leave out, are named")
  func missed() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1"), .sample("2")])
    let (unknown, excluded) = try await bench.store.missedNumbers(
      of: Filter(cct: "nobody", numbers: ["2", "1", "F9O2"]))
    #expect(unknown == ["F9O2"] && excluded == ["1", "2"])
    let found = try await bench.store.missedNumbers(of: Filter(numbers: ["2", "1", "1"]))
    #expect(found.unknown.isEmpty && found.excluded.isEmpty)
  }

  @Test("an empty list of numbers matches nothing")
  func noNumbers() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    #expect(try await bench.store.invoices(Filter(numbers: []), after: nil, limit: 10).isEmpty)
    #expect(try await bench.store.invoices(Filter(), after: nil, limit: 10).count == 1)
    let scope = StartScope(pipeline: "invoices", exclusive: true)
    #expect(try await bench.store.plan(Filter(numbers: []), scope).tally.invoices.isEmpty)
  }
}
