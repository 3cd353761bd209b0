import Testing

/// Lets so many tests of all suites run at the same time: each has a daemon and mostly a sandbox, and the deadlines
/// are of a machine that is not swamped.
actor Places {
  static let shared = Places(count: 4)

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(count: Int) { free = count }

  func take() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  func give() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}

/// A test that starts programs takes one of the places.
struct TakesPlace: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    await Places.shared.take()
    do {
      try await function()
    } catch {
      await Places.shared.give()
      throw error
    }
    await Places.shared.give()
  }

  /// Not around a whole suite, which would keep its place while its tests wait for theirs.
  func scopeProvider(for test: Test, testCase: Test.Case?) -> TakesPlace? { testCase == nil ? nil : self }
}

extension Trait where Self == TakesPlace {
  static var startsPrograms: TakesPlace { TakesPlace() }
}
