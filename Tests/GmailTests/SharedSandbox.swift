import TestSupport
import Testing

/// Gives a suite one sandbox for all its tests, which run one after the other.
struct SharedSandbox: SuiteTrait, TestScoping {
  @TaskLocal static var current: RunningSandbox?

  var options: [String] = []

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let sandbox = try RunningSandbox.unlimited(options)
    defer { sandbox.stop() }
    try await Self.$current.withValue(sandbox) { try await function() }
  }
}

extension Trait where Self == SharedSandbox {
  static func sandbox(_ options: String...) -> SharedSandbox { SharedSandbox(options: options) }
}

extension RunningSandbox {
  /// Without Google's limits on quota units and on calls at once.
  static func unlimited(_ options: [String] = []) throws -> RunningSandbox {
    try RunningSandbox(["--units-per-minute", "0", "--calls-at-once", "0"] + options)
  }
}
