import Model
import TestSupport
import Testing

@Suite("A message that is needed again", .timeLimit(.minutes(2)))
struct MessageAgainTests {
  @Test("a sender that keeps none gets the same message when it sends, also in a later attempt")
  func same() async throws {
    let bench = try JobsBench()
    await bench.sender.askAgain()
    await bench.sender.answer("N1", .refused(.serverError, .retry(after: nil)))
    let job = try await bench.start(["N1"])
    try await bench.whileRunning { try await bench.wait(for: .completed, of: job, turning: true) }
    let prepared = try #require(await bench.sender.messages["N1"])
    #expect(await bench.sender.again == [prepared, prepared])
    #expect(await bench.sender.count(.prepare("N1", 1)) == 1)
  }

  @Test("once a template has changed it is refused rather than sent as another one")
  func changed() async throws {
    let bench = try JobsBench()
    await bench.sender.askAgain()
    await bench.sender.answer("N1", .refused(.serverError, .retry(after: nil)))
    let job = try await bench.start(["N1"])
    try await bench.whileRunning {
      try await eventually("the first attempt has failed") {
        try await bench.deliveries(job).map(\.code) == [.serverError]
      }
      bench.render.change("Reminder")
      try await bench.wait(for: .completed, of: job, turning: true)
    }
    #expect(try await bench.deliveries(job).map(\.code) == [.messageChanged])
    #expect(await bench.sender.again.count == 1)
  }
}
