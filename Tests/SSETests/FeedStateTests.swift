import Foundation
import Model
import Testing

@testable import SSE

@Suite struct FeedStateTests {
  private let start = Date(timeIntervalSince1970: 1_795_000_000)

  private func elapsed(_ state: inout FeedState, after seconds: TimeInterval) throws -> Double {
    struct Snapshot: Decodable { var elapsed: Double }
    return try WireJSON.decode(Snapshot.self, from: state.snapshot(now: start + seconds)).elapsed
  }

  private func state(_ job: JobState, finishedAt: Date?) -> FeedState {
    FeedState(
      job: Job(
        id: 1, pipeline: "invoices", occasion: "", filter: Filter(), testTo: nil, state: job, holds: [],
        counts: Counts(total: 1), startedBy: Person(uid: 0, name: "root"), startedAt: start, finishedAt: finishedAt),
      last: EventID(epoch: "e", sequence: 1), recent: [])
  }

  @Test("a running job's time goes on in each snapshot, although no event comes")
  func running() throws {
    var state = state(.running, finishedAt: nil)
    #expect(try elapsed(&state, after: 10) == 10)
    #expect(try elapsed(&state, after: 70) == 70)
  }

  @Test("a finished job's time stands")
  func finished() throws {
    var state = state(.completed, finishedAt: start + 5)
    #expect(try elapsed(&state, after: 10) == 5)
    #expect(try elapsed(&state, after: 70) == 5)
  }

  @Test("who comes within a second gets the same snapshot")
  func together() throws {
    var state = state(.running, finishedAt: nil)
    let first = state.snapshot(now: start + 10)
    #expect(state.snapshot(now: start + 10.5) == first)
  }
}
