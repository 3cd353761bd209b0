/// What is executed some time after its answer has left.
struct Postponed: Sendable {
  private struct Work: Sendable {
    let pause: Duration
    let run: @Sendable () async -> Void
  }

  private let works: AsyncStream<Work>
  private let continuation: AsyncStream<Work>.Continuation

  init() {
    // Unbounded, but a scenario's rules are counted.
    (works, continuation) = AsyncStream.makeStream()
  }

  func add(after pause: Duration, run: @escaping @Sendable () async -> Void) {
    continuation.yield(Work(pause: pause, run: run))
  }

  /// Runs what is added, each at its time, until the task is cancelled.
  func run() async {
    await withDiscardingTaskGroup { group in
      for await work in works {
        group.addTask {
          guard (try? await Task.sleep(for: work.pause)) != nil else { return }
          await work.run()
        }
      }
    }
  }
}
