import Model
import NIOCore

/// The newest events of a feed, for readers that come back.
struct FrameRing {
  /// Bounds memory: some 600 bytes an event.
  private static let limit = 1000

  private var frames: [(sequence: Int64, bytes: ByteBuffer)] = []
  /// Every event after this one is here.
  private(set) var start: Int64

  init(start: Int64) { self.start = start }

  mutating func append(_ sequence: Int64, _ bytes: ByteBuffer) {
    frames.append((sequence, bytes))
    // A quarter at a time: removing from an array's front moves the rest.
    guard frames.count > Self.limit + Self.limit / 4 else { return }
    start = frames[frames.count - Self.limit - 1].sequence
    frames.removeFirst(frames.count - Self.limit)
  }

  func after(_ sequence: Int64) -> [ByteBuffer] {
    let first = frames.firstIndex { $0.sequence > sequence } ?? frames.endIndex
    return frames[first...].map(\.bytes)
  }
}
