import Foundation
import Model
import Store
import TestSupport
import Testing

@Suite("What the sender waits for", .timeLimit(.minutes(2)))
struct WaitTests {
  private func events(_ bench: JobsBench, _ job: Int64) async throws -> [Event] {
    try await bench.store.events(job: job, after: 0, limit: 1000).map { try $0.event() }
  }

  private func waits(_ bench: JobsBench, _ job: Int64) async throws -> [Model.Wait?] {
    try await events(bench, job).filter { $0.kind == .wait }.map(\.wait)
  }

  @Test("a wait is one event of each job that runs, however often it is said, and so is its end")
  func once() async throws {
    let bench = try JobsBench(concurrency: 2)
    await bench.sender.close(.admit)
    let jobs = [try await bench.start(["N1", "N2"], request: "a"), try await bench.start(["M1"], request: "b")]
    let limit = SenderWait(.rateLimited, "429", for: .seconds(6 * 3600))
    try await bench.whileRunning {
      bench.sender.tell(limit)
      for job in jobs {
        try await eventually("it is told") { try await bench.store.job(job).wait?.code == .rateLimited }
      }
      let until = try #require(try await bench.store.wait(pipeline: "invoices")?.until)
      #expect(until == bench.clock.time.now().addingTimeInterval(6 * 3600))
      // A second answer of the same moment, and then a longer wait.
      bench.sender.tell(SenderWait(.rateLimited, "again", for: .seconds(6 * 3600 + 2)))
      bench.sender.tell(SenderWait(.rateLimited, "again", for: .seconds(7 * 3600)))
      try await eventually("it is extended") {
        try await bench.store.wait(pipeline: "invoices")?.until.map { $0 > until + 3000 } ?? false
      }
      bench.sender.tell(nil)
      try await eventually("it goes on") { try await bench.store.wait(pipeline: "invoices") == nil }
      await bench.sender.open(.admit)
      for job in jobs { try await bench.wait(for: .completed, of: job) }
    }
    for job in jobs {
      let waits = try await waits(bench, job)
      #expect(waits.map { $0?.detail } == ["429", "again", nil])
      #expect(try await events(bench, job).last?.wait == nil)
    }
  }

  @Test("a wait with a time ends at it, though nobody tells")
  func byTime() async throws {
    let bench = try JobsBench()
    await bench.sender.close(.admit)
    let job = try await bench.start(["N1"])
    try await bench.whileRunning {
      bench.sender.tell(SenderWait(.rateLimited, for: .seconds(600)))
      try await eventually("it is told") { try await bench.store.job(job).wait != nil }
      try await bench.turn(by: .seconds(601), whenSleepingFor: .seconds(600))
      try await eventually("it goes on") { try await bench.store.job(job).wait == nil }
      await bench.sender.open(.admit)
      try await bench.wait(for: .completed, of: job)
    }
    #expect(try await waits(bench, job).count == 2)
  }

  @Test("a wait without a time lasts until the sender says so, and is forgotten once no job runs")
  func withoutTime() async throws {
    let bench = try JobsBench()
    await bench.sender.close(.admit)
    let job = try await bench.start(["N1"])
    try await bench.whileRunning {
      bench.sender.tell(SenderWait(.unreachable, "no route"))
      try await eventually("it is told") { try await bench.store.job(job).wait?.detail == "no route" }
      _ = try await bench.store.pause(job, by: JobsBench.person)
      #expect(try await bench.store.job(job).wait == nil, "a job that is paused waits for something else")
      try await eventually("it is forgotten") { try await bench.store.wait(pipeline: "invoices") == nil }
      await bench.sender.open(.admit)
    }
    #expect(try await waits(bench, job).count == 1)
  }

  @Test("a job that begins or is resumed within a wait is told of it")
  func later() async throws {
    let bench = try JobsBench()
    let until = bench.clock.time.now().addingTimeInterval(3600)
    let wait = Model.Wait(code: .rateLimited, since: bench.clock.time.now(), until: until)
    try await bench.store.note(wait, pipeline: "invoices")
    let job = try await bench.start(["N1"])
    _ = try await bench.store.pause(job, by: JobsBench.person)
    _ = try await bench.store.resume(job, by: JobsBench.person)
    #expect(try await events(bench, job).map(\.kind) == [.start, .wait, .paused, .paused, .wait])
    #expect(try await waits(bench, job) == [wait, wait])
    #expect(try await bench.store.snapshot(job: job, recent: 0).job?.wait == wait)
  }

  @Test("a restart and a reload forget what was waited for: the sender is asked again")
  func restart() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    let wait = Model.Wait(code: .unreachable, since: bench.clock.time.now())
    try await bench.store.note(wait, pipeline: "invoices")
    _ = try await bench.store.recover()
    #expect(try await bench.store.job(job).wait == nil)
    try await bench.store.note(wait, pipeline: "invoices")
    try await bench.store.releaseSenders()
    #expect(try await waits(bench, job) == [wait, nil, wait, nil])
  }
}
