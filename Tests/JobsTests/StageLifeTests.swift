import Model
import TestSupport
import Testing

@Suite("The life of stages", .timeLimit(.minutes(2)))
struct StageLifeTests {
  @Test("stages start before the first delivery, and are closed after the last")
  func once() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    try await bench.whileRunning {
      try await bench.wait(for: .completed, of: job)
      #expect(await bench.sender.starts == 1)
      #expect(await bench.sender.closes == 0)
    }
    #expect(await bench.sender.closes == 1)
  }

  @Test("one that cannot start holds the jobs, is tried again, and lets them go")
  func again() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.sender.failStart(StageError(.unreachable, "no route", .retry(after: nil)))
    try await bench.whileRunning {
      try await bench.wait(for: .paused, of: job)
      #expect(try await bench.store.job(job).holds.map(\.code) == [.unreachable])
      #expect(await bench.sender.sent == [])
      try await bench.wait(for: .completed, of: job, turning: true)
    }
    #expect(await bench.sender.starts == 2)
  }
}
