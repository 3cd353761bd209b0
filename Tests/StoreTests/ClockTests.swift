import Foundation
import GRDB
import Model
import TestSupport
import Testing

@testable import Store

@Suite("A clock that ran ahead by a month, and is right again")
struct ClockTests {
  private static let month = Duration.seconds(31 * 24 * 3600)
  private static let resumeWithin = Duration.seconds(24 * 3600)

  private func bench(_ count: Int) async throws -> (StoreBench, Job) {
    let bench = try StoreBench()
    let numbers = (1...count).map(String.init)
    try await bench.add(numbers.map { .sample($0) })
    return (bench, try await bench.start("r", numbers))
  }

  @Test("leaves no hold of a job that seemed to have lain still")
  func layStill() async throws {
    let (bench, job) = try await bench(1)
    bench.clock.set(by: Self.month)
    _ = try await bench.store.recover(resumeWithin: Self.resumeWithin)
    #expect(try await bench.store.job(job.id).holds.map(\.code) == [.layStill])
    bench.clock.set(by: .zero - Self.month)
    try await bench.store.settleClock(resumeWithin: Self.resumeWithin)
    #expect(try await bench.store.job(job.id).state == .running)
  }

  @Test("lets no job go that has really lain still, nor any by a clock that is behind")
  func reallyStill() async throws {
    let (bench, job) = try await bench(1)
    bench.clock.turn(by: .seconds(2 * 24 * 3600))
    bench.clock.set(by: Self.month)
    _ = try await bench.store.recover(resumeWithin: Self.resumeWithin)
    for step in [.zero - Self.month, .zero - Self.month] {
      bench.clock.set(by: step)
      try await bench.store.settleClock(resumeWithin: Self.resumeWithin)
      #expect(try await bench.store.job(job.id).holds.map(\.code) == [.layStill])
    }
  }

  @Test("leaves no daily hold, also one that had begun before, and the next start ends it too")
  func dailyHold() async throws {
    for isOld in [false, true] {
      let (bench, job) = try await bench(1)
      func hold() async throws {
        let until = bench.clock.time.now().addingTimeInterval(3600)
        try await bench.store.hold(pipeline: "invoices", .daily, .dailyLimit, "", until: until)
      }
      if isOld { try await hold() }
      bench.clock.set(by: Self.month)
      try await hold()
      bench.clock.set(by: .zero - Self.month)
      #expect(try await bench.store.job(job.id).state == .paused)
      try await bench.store.settleClock(resumeWithin: Self.resumeWithin)
      #expect(try await bench.store.job(job.id).state == .running)
    }
  }

  @Test("keeps a daily hold of now")
  func rightHold() async throws {
    let (bench, job) = try await bench(1)
    let until = bench.clock.time.now().addingTimeInterval(24 * 3600)
    try await bench.store.hold(pipeline: "invoices", .daily, .dailyLimit, "", until: until)
    bench.clock.set(by: .seconds(-5))
    try await bench.store.settleClock(resumeWithin: Self.resumeWithin)
    #expect(try await bench.store.job(job.id).holds.map(\.kind) == [.daily])
  }

  @Test("leaves no delivery that waits for a month")
  func waits() async throws {
    let (bench, _) = try await bench(1)
    bench.clock.set(by: Self.month)
    let due = try #require(try await bench.dueDeliveries().first)
    let until = bench.clock.time.now().addingTimeInterval(60)
    try await bench.store.postpone(due.id, .unreachable, "", until: until, counts: true)
    bench.clock.set(by: .zero - Self.month)
    #expect(try await bench.dueDeliveries().isEmpty)
    try await bench.store.settleClock(resumeWithin: Self.resumeWithin)
    #expect(try await bench.dueDeliveries().count == 1)
  }

  @Test("leaves what was sent meanwhile in the day's count for a day, and not for a month")
  func dayCount() async throws {
    let (bench, _) = try await bench(3)
    bench.clock.set(by: Self.month)
    let due = try await bench.dueDeliveries()
    #expect(try await bench.begin(due[0], perDay: 1) == .go)
    bench.clock.set(by: .zero - Self.month)
    guard case .dailyLimit(let until) = try await bench.begin(due[1], perDay: 1) else {
      Issue.record("the count forgot what was sent")
      return
    }
    #expect(until == bench.clock.time.now().addingTimeInterval(24 * 3600))
    bench.clock.turn(by: .seconds(24 * 3600 + 1))
    #expect(try await bench.begin(due[1], perDay: 1) == .go)
  }
}
