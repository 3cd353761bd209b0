import Foundation

/// What a test waited for, and did not come about in time.
package struct NotInTime: Error, CustomStringConvertible {
  package let description: String

  package init(_ what: String) { description = "not in time: \(what)" }
}

/// How long anything may take that takes well under a second on a machine that is not busy.
package let patience = Duration.seconds(40)

/// Between two looks.
private let look = Duration.milliseconds(10)

/// Waits until the condition holds, at most so long. Throws `NotInTime` with what was waited for, or what the condition
/// throws.
package func eventually(
  _ what: @autoclosure () -> String, within limit: Duration = patience, _ condition: () async throws -> Bool
) async throws {
  let end = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < end else { throw NotInTime(what()) }
    try await Task.sleep(for: look)
  }
}

/// The same where nothing can be awaited; blocks the thread.
package func eventuallyBlocking(
  _ what: @autoclosure () -> String, within limit: Duration = patience, _ condition: () throws -> Bool
) throws {
  let end = ContinuousClock.now + limit
  while try !condition() {
    guard ContinuousClock.now < end else { throw NotInTime(what()) }
    Thread.sleep(forTimeInterval: look / .seconds(1))
  }
}
