import Model
import Store
import Testing

@Suite("A job that lay still")
struct LayStillTests {
  @Test("for longer than permitted waits for a person; for less, it goes on by itself")
  func hold() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1"), .sample("2")])
    let job = try await bench.start("r", ["1", "2"])
    bench.clock.turn(by: .seconds(3600))
    _ = try await bench.store.recover(resumeWithin: .seconds(7200))
    #expect(try await bench.store.job(job.id).state == .running)
    bench.clock.turn(by: .seconds(7200))
    _ = try await bench.store.recover(resumeWithin: .seconds(7200))
    let held = try await bench.store.job(job.id)
    #expect(held.state == .paused && held.holds.map(\.kind) == [.restored] && held.holds.first?.code == .layStill)
    #expect(try await bench.dueDeliveries().isEmpty)
    #expect(try await bench.store.resume(job.id, by: StoreBench.person).state == .running)
    // What a person did counts as a move.
    _ = try await bench.store.recover(resumeWithin: .seconds(7200))
    #expect(try await bench.store.job(job.id).state == .running)
  }

  @Test("because of the daily limit has not lain still before that ends; after that it has")
  func daily() async throws {
    for (hours, state) in [(25, JobState.running), (49, .paused)] {
      let bench = try StoreBench()
      try await bench.add([.sample("1"), .sample("2")])
      let job = try await bench.start("r", ["1", "2"])
      let due = try await bench.dueDeliveries()
      #expect(try await bench.begin(due[0], perDay: 1) == .go)
      _ = try await bench.store.finishSending(due[0], .sent(bench.receipt()))
      try await bench.store.markRecorded(due[0].id)
      guard case .dailyLimit(let until) = try await bench.begin(due[1], perDay: 1) else {
        Issue.record("no limit")
        continue
      }
      try await bench.store.hold(pipeline: "invoices", .daily, .dailyLimit, "", until: until)
      bench.clock.turn(by: .seconds(hours * 3600))
      _ = try await bench.store.recover(resumeWithin: .seconds(24 * 3600))
      #expect(try await bench.store.job(job.id).state == state, "after \(hours) h")
    }
  }

  @Test("what was being sent when it stopped is unknown, and does not go out by itself once it is found not sent")
  func unknown() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let job = try await bench.start("r", ["1"])
    let due = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(due) == .go)
    bench.clock.turn(by: .seconds(7201))
    _ = try await bench.store.recover(resumeWithin: .seconds(7200))
    let unknown = try #require(try await bench.store.unknowns(pipeline: "invoices", except: [], limit: 1).first)
    _ = try await bench.store.settle(unknown, .notSent)
    #expect(try await bench.store.job(job.id).state == .paused)
    #expect(try await bench.dueDeliveries().isEmpty)
  }
}
