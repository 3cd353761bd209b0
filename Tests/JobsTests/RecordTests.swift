import Model
import Store
import Testing
import TestSupport

@Suite("Recording", .timeLimit(.minutes(2)))
struct RecordTests {
  @Test("a receipt that is not taken is offered again until it is, and the job waits so long; nothing is sent twice")
  func retried() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.record.refuse(4)
    try await bench.whileRunning {
      try await bench.wait(for: .waiting, of: job)
      #expect(try await bench.deliveries(job).map(\.code) == [.recordFailed])
      try await bench.wait(for: .completed, of: job, turning: true)
    }
    #expect(await bench.record.refused == 4)
    #expect(await bench.record.receipts == ["N1"])
    #expect(await bench.sender.sent == ["N1"])
    #expect(try await bench.deliveries(job).map(\.code) == [nil])
  }

  @Test("receipts that a daemon left are recorded by the next one, some at a time")
  func leftBehind() async throws {
    let bench = try JobsBench(concurrency: 4)
    let job = try await bench.start(bench.numbers(1...50))
    await bench.record.refuse(50)
    try await bench.whileRunning { try await bench.wait(for: .waiting, of: job) }
    bench.clock.turn(by: .seconds(3600))
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job) }
    #expect(await bench.record.receipts.sorted() == bench.numbers(1...50))
    #expect(await bench.record.mostAtOnce <= 20)
  }

  @Test("the stage that refused a receipt is offered it again, and it alone")
  func alone() async throws {
    let bench = try JobsBench()
    let job = try await bench.start(["N1"])
    await bench.record.refuse(1)
    try await bench.whileRunning {
      try await bench.wait(for: .waiting, of: job)
      try await bench.wait(for: .completed, of: job, turning: true)
    }
    #expect(await bench.record.receipts == ["N1"])
    #expect(await bench.otherRecord.receipts == ["N1"])
  }

  @Test("a stage that takes its time holds no place at the sender")
  func slow() async throws {
    let bench = try JobsBench(concurrency: 1)
    let job = try await bench.start(["N1", "N2", "N3"])
    await bench.record.block()
    try await bench.whileRunning {
      try await eventually("all are sent") { try await bench.states(job).allSatisfy { $0 == .sent } }
      #expect(await bench.record.receipts == [])
      await bench.record.unblock()
      try await bench.wait(for: .completed, of: job)
    }
  }
}
