import Foundation
import Model
import Store
import Testing
import TestSupport

/// Faults are triggers of the database, placed by another program: SQLite refuses the statement itself.
@Suite("A store that cannot be written", .timeLimit(.minutes(2)))
struct StoreTroubleTests {
  private func sql(_ bench: JobsBench, _ statements: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c", "import sqlite3,sys; sqlite3.connect(sys.argv[1], timeout=20).executescript(sys.argv[2])",
      bench.folder.path + "/store.db", statements,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  private static let noOutcomes = """
    CREATE TRIGGER fault BEFORE UPDATE OF state ON delivery WHEN new.state = 'sent'
    BEGIN SELECT raise(ABORT, 'injected'); END;
    """
  private static let nothing = """
    CREATE TRIGGER fault BEFORE UPDATE ON delivery BEGIN SELECT raise(ABORT, 'injected'); END;
    CREATE TRIGGER fault2 BEFORE UPDATE ON store BEGIN SELECT raise(ABORT, 'injected'); END;
    CREATE TRIGGER fault3 BEFORE INSERT ON hold BEGIN SELECT raise(ABORT, 'injected'); END;
    """

  @Test("an outcome that cannot be written is kept and written later, and nothing new is sent meanwhile")
  func outcomeKept() async throws {
    let bench = try JobsBench(concurrency: 2)
    let job = try await bench.start(bench.numbers(1...5))
    try sql(bench, Self.noOutcomes)
    await bench.sender.close(.send)
    try await bench.whileRunning {
      try await eventually("two are being sent") { await bench.sender.waiters(at: .send) == 2 }
      await bench.sender.open(.send)
      try await eventually("trouble is known") { await bench.runner.outcomes.troubled != nil }
      for _ in 1...5 {
        bench.clock.turn(by: .seconds(2))
        try await Task.sleep(for: .milliseconds(30))
      }
      #expect(await bench.sender.sent.count == 2)
      #expect(try await bench.states(job).prefix(2) == [.sending, .sending])
      try sql(bench, "DROP TRIGGER fault;")
      try await bench.wait(for: .completed, of: job, turning: true)
      #expect(await bench.runner.outcomes.troubled == nil)
    }
    #expect(await bench.sender.sent.sorted() == bench.numbers(1...5))
  }

  @Test("an outcome is written also when the runner was told to stop while it could not be")
  func outcomeKeptWhileStopping() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1"])
    try sql(bench, Self.noOutcomes)
    await bench.sender.close(.send)
    let running = Task { await bench.runner.run() }
    try await eventually("one is being sent") { await bench.sender.waiters(at: .send) == 1 }
    running.cancel()
    await bench.sender.open(.send)
    try await eventually("trouble is known") { await bench.runner.outcomes.troubled != nil }
    try sql(bench, "DROP TRIGGER fault;")
    let turning = Task {
      while !Task.isCancelled {
        bench.clock.turn(by: .seconds(1))
        try? await Task.sleep(for: .milliseconds(10))
      }
    }
    await running.value
    turning.cancel()
    #expect(try await bench.states(job).first == .recorded)
  }

  @Test("a draft waits in hand until the store can be written, and is the one that is sent")
  func draftKept() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1"])
    try sql(bench, Self.nothing)
    try await bench.whileRunning {
      try await eventually("trouble is known") { await bench.runner.outcomes.troubled != nil }
      for _ in 1...5 {
        bench.clock.turn(by: .seconds(2))
        try await Task.sleep(for: .milliseconds(30))
      }
      #expect(await bench.sender.calls == [.prepare("N1", 1)])
      try sql(bench, "DROP TRIGGER fault; DROP TRIGGER fault2; DROP TRIGGER fault3;")
      try await bench.wait(for: .completed, of: job, turning: true)
    }
    #expect(await bench.sender.calls == [.prepare("N1", 1), .send("N1#1", .none)])
  }

  @Test("a store that can be written but not read is looked at now and then, not in a circle")
  func readsFail() async throws {
    let bench = try JobsBench(concurrency: 1)
    _ = try await bench.start(["N1"])
    try sql(bench, "UPDATE revision SET content = 'damaged';")
    try await bench.whileRunning {
      try await eventually("trouble is known") { await bench.runner.outcomes.troubled != nil }
      let changes = bench.store.commits.listen()
      let count = Task { await changes.reduce(into: 0) { count, _ in count += 1 } }
      for _ in 1...3 {
        bench.clock.turn(by: .seconds(2))
        try await bench.settle()
      }
      count.cancel()
      #expect(await count.value <= 6)
    }
  }
}
