import Foundation
import Model
import Store
import TestSupport
import Testing

@Suite("Random histories", .timeLimit(.minutes(30)))
struct RandomHistoryTests {
  /// At least so many (`MODEL_HISTORIES`); more while some kind of step has not happened yet or few mails went out, and at
  /// most ten times as many.
  private static let histories = ProcessInfo.processInfo.environment["MODEL_HISTORIES"].flatMap { Int($0) } ?? 40
  private static let steps = 60
  /// Each has a store of its own.
  private static let atOnce = 4

  @Test(
    "whatever happens to jobs in whatever order, no mail goes out twice, and states and counts are the declared ones")
  func histories() async throws {
    // A failure names the seed of its history; give it as MODEL_SEED to begin with it.
    let first = ProcessInfo.processInfo.environment["MODEL_SEED"].flatMap { UInt64($0) }
    var seeds = SeededGenerator(seed: .random(in: 0 ... .max))
    var happened: Set<RandomHistory.Step> = []
    var count = 0
    var mails = 0
    while count < Self.histories || happened.count < RandomHistory.Step.allCases.count || mails <= count,
      count < 10 * Self.histories
    {
      let batch = (0..<Self.atOnce).map { index in count + index == 0 ? first ?? seeds.next() : seeds.next() }
      if count == 0 { print("MODEL_SEED=\(batch[0]) MODEL_HISTORIES=\(Self.histories)") }
      count += batch.count
      try await withThrowingTaskGroup(of: RandomHistory.self) { group in
        for seed in batch { group.addTask { try await Self.lived(seed) } }
        for try await history in group {
          happened.formUnion(history.happened)
          mails += history.carriedOut.values.reduce(0, +)
        }
      }
    }
    print("\(count) histories of \(Self.steps) steps, \(mails) mails")
    // Or the test would say less than it seems to.
    #expect(happened == Set(RandomHistory.Step.allCases) && mails > count)
  }

  /// A whole history. Throws after the first step that leaves something wrong.
  private static func lived(_ seed: UInt64) async throws -> RandomHistory {
    var history = try await RandomHistory(seed: seed)
    for step in 1...steps {
      let done = try await history.step()
      let wrong = try await history.wrong()
      try #require(wrong == nil, "seed \(seed), step \(step), after \(done): \(wrong ?? "")")
    }
    return history
  }
}
