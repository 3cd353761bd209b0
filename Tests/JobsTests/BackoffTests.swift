import Jobs
import Model
import Testing

@Suite("Back-off")
struct BackoffTests {
  @Test("the longest wait doubles from the first to the limit, and stays there")
  func ceiling() {
    let backoff = Backoff()
    #expect(
      (1...9).map { backoff.ceiling(after: $0) } == [1, 2, 4, 8, 16, 32, 64, 64, 64].map { .seconds($0) })
    #expect(backoff.ceiling(after: 0) == .seconds(1))
    #expect(backoff.ceiling(after: .max) == .seconds(64))
    #expect(Backoff(first: .seconds(86400), limit: .seconds(864_000)).ceiling(after: .max) == .seconds(864_000))
  }

  @Test("a wait is anything between none and the longest, and not always the same")
  func jitter() {
    let backoff = Backoff()
    let waits = (0..<1000).map { _ in backoff.wait(after: 3) }
    #expect(waits.allSatisfy { $0 >= .zero && $0 <= .seconds(4) })
    #expect(waits.contains { $0 < .seconds(1) } && waits.contains { $0 > .seconds(3) })
  }
}
