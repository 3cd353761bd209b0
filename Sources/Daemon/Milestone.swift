/// Something that happens once, and that one task waits for.
struct Milestone: Sendable {
  private let stream: AsyncStream<Never>
  private let continuation: AsyncStream<Never>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func reach() { continuation.finish() }

  /// Returns as well when the task is cancelled.
  func wait() async { for await _ in stream {} }
}
