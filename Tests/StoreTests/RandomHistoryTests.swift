import Model
import Store
import Testing
import TestSupport

@Suite("Random histories", .timeLimit(.minutes(5)))
struct RandomHistoryTests {
  /// At least so many; more while some kind of step has not happened yet, and at most ten times as many.
  private static let histories = 12
  private static let steps = 60

  @Test("whatever happens to jobs in whatever order, the counts add up and every invoice has one claim")
  func histories() async throws {
    // A failure names its seed; put it here to see it again.
    var seeds = SeededGenerator(seed: .random(in: 0 ... .max))
    var happened: Set<RandomHistory.Step> = []
    var count = 0
    while count < Self.histories || happened.count < RandomHistory.Step.allCases.count, count < 10 * Self.histories {
      count += 1
      let seed = seeds.next()
      var history = try await RandomHistory(seed: seed)
      for step in 1...Self.steps {
        let done = try await history.step()
        let wrong = try await history.wrong()
        try #require(wrong == nil, "seed \(seed), step \(step), after \(done): \(wrong ?? "")")
      }
      happened.formUnion(history.happened)
    }
    // Or the test would say less than it seems to.
    #expect(happened == Set(RandomHistory.Step.allCases))
  }
}
