import Files
import Foundation
import Synchronization
import Testing

@Suite struct IOThreadTests {
  struct Failure: Error, Equatable { let number: Int }

  /// How much work runs at the same time.
  final class Gauge: Sendable {
    private let state = Mutex((now: 0, most: 0))

    var most: Int { state.withLock { $0.most } }

    func enter() {
      state.withLock {
        $0.now += 1
        $0.most = max($0.most, $0.now)
      }
    }

    func leave() { state.withLock { $0.now -= 1 } }
  }

  @Test("all work is done, and never more of it at once than there are threads")
  func bounded() async {
    let gauge = Gauge()
    var done: Set<Int> = []
    await withTaskGroup(of: Int.self) { group in
      for number in 0..<200 {
        group.addTask {
          await IOThread.run {
            gauge.enter()
            usleep(500)
            gauge.leave()
            return number
          }
        }
      }
      for await number in group { done.insert(number) }
    }
    #expect(done.count == 200)
    #expect((2...IOThread.maximumThreads).contains(gauge.most))
  }

  @Test("an error comes back with its type")
  func errors() async {
    await #expect(throws: Failure(number: 7)) {
      try await IOThread.run { () throws(Failure) in throw Failure(number: 7) }
    }
  }

  @Test("work of a cancelled task is done all the same")
  func cancelled() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await IOThread.run { 1 }
    }
    #expect(await task.value == 1)
  }
}
