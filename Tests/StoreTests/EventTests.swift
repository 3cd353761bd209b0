import Model
import Store
import Testing
import TestSupport

@Suite("Events")
struct EventTests {
  @Test("a job's events tell it whole: numbers grow by one, counts add up, and the last is complete")
  func wholeJob() async throws {
    let bench = try StoreBench()
    try await bench.add((1...3).map { .sample("\($0)") })
    _ = try await bench.start("r", ["1", "2", "3"])
    try await bench.sendAll()
    let events = try await bench.events()
    #expect(events.map(\.kind) == [.start, .progress, .progress, .progress, .complete])
    #expect(events.map(\.id.sequence) == [1, 2, 3, 4, 5])
    for event in events {
      let c = event.counts
      #expect(c.sent + c.failed + c.skipped + c.unknown + c.cancelled + c.left == c.total)
    }
    #expect(events.compactMap(\.delivery?.position) == [1, 2, 3])
    #expect(events.last?.state == .completed)
  }

  @Test("a job whose last receipt is being recorded is not over before it is recorded")
  func recordingKeepsItRunning() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let job = try await bench.start("r", ["1"])
    let due = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(due) == .go)
    _ = try await bench.store.finishSending(due, .sent(bench.receipt()))
    #expect(try await bench.store.job(job.id).state == .running)
    try await bench.store.postponeRecord(due.id, recordedBy: [], "disk", until: bench.clock.time.now())
    #expect(try await bench.store.job(job.id).state == .waiting)
    try await bench.store.markRecorded(due.id)
    #expect(try await bench.store.job(job.id).state == .completed)
  }

  @Test("watching resumes after an event of this epoch, and after no other")
  func resuming() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    _ = try await bench.start("r", ["1"])
    let store = bench.store
    #expect(try await store.canResume(after: EventID(epoch: store.epoch, sequence: 1)))
    #expect(try await !store.canResume(after: EventID(epoch: store.epoch, sequence: 2)))
    #expect(try await !store.canResume(after: EventID(epoch: "other", sequence: 1)))
  }

  @Test("events of jobs that are long finished are trimmed, and a cursor in them is refused")
  func trimming() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    _ = try await bench.start("r", ["1"])
    try await bench.sendAll()
    bench.clock.turn(by: .seconds(100))
    _ = try await bench.store.trimEvents(finishedBefore: bench.clock.time.now())
    #expect(try await bench.events().isEmpty)
    #expect(try await !bench.store.canResume(after: EventID(epoch: bench.store.epoch, sequence: 1)))
    #expect(try await bench.store.canResume(after: EventID(epoch: bench.store.epoch, sequence: 3)))
  }

  @Test("a hole in the log, where a finished job was, is no place to resume from")
  func trimmingInTheMiddle() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1"), .sample("2")])
    let first = try await bench.start("long", ["1"])
    _ = try await bench.store.pause(first.id, by: StoreBench.person)
    let short = try await bench.start("short", ["2"])
    try await bench.sendAll()
    bench.clock.turn(by: .seconds(100))
    _ = try await bench.store.trimEvents(finishedBefore: bench.clock.time.now())
    #expect(try await bench.events().map(\.job) == [first.id, first.id])
    #expect(try await bench.events(short.id).isEmpty)
    #expect(try await !bench.store.canResume(after: EventID(epoch: bench.store.epoch, sequence: 3)))
    #expect(try await bench.store.canResume(after: EventID(epoch: bench.store.epoch, sequence: 5)))
  }
}
