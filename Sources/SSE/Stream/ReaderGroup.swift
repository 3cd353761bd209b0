import NIOCore
import Synchronization

/// A feed's readers on one event loop.
///
/// What is asked of a group is done in that order, later, on the loop. Frames that come while the loop is busy are written
/// together: a pass over many readers costs a system call for each, whatever it carries, and so a group that is behind
/// catches up; one that is not waits for nothing.
final class ReaderGroup: Sendable {
  private enum Step {
    case write(ByteBuffer)
    case run(@Sendable () -> Void)
  }

  /// Bytes in one write, above which there is another one: a quarter of what a reader may have unread.
  private static let limit = 64 * 1024

  private let loop: any EventLoop
  private let readers: NIOLoopBoundBox<[ObjectIdentifier: Reader]>
  private let steps = Mutex<[Step]>([])

  init(loop: any EventLoop) {
    self.loop = loop
    readers = .makeBoxSendingValue([:], eventLoop: loop)
  }

  func has(_ reader: NIOLoopBound<Reader>) -> Bool { loop === reader.eventLoop }

  /// To every reader.
  func write(_ frame: ByteBuffer) { append(.write(frame)) }

  /// Hands every reader to `body`.
  func forEach(_ body: @escaping @Sendable (Reader) -> Void) {
    append(.run { for reader in self.readers.value.values { body(reader) } })
  }

  func add(_ reader: NIOLoopBound<Reader>, _ frames: [ByteBuffer], isLast: Bool) {
    append(
      .run {
        let reader = reader.value
        reader.write(all: frames)
        self.readers.value[ObjectIdentifier(reader)] = reader
        if isLast { reader.finish() }
      })
  }

  /// The present state, for a reader that had fallen behind.
  func catchUp(_ reader: NIOLoopBound<Reader>, _ snapshot: ByteBuffer, isLast: Bool) {
    append(
      .run {
        reader.value.caughtUp(snapshot)
        if isLast { reader.value.finish() }
      })
  }

  func remove(_ reader: NIOLoopBound<Reader>) {
    append(.run { self.readers.value[ObjectIdentifier(reader.value)] = nil })
  }

  private func append(_ step: Step) {
    let isFirst = steps.withLock { steps in
      steps.append(step)
      return steps.count == 1
    }
    if isFirst { loop.execute { self.run() } }
  }

  private func run() {
    let steps = self.steps.withLock { steps in
      defer { steps = [] }
      return steps
    }
    var frames = ByteBuffer()
    for step in steps {
      switch step {
      case .write(let frame) where frames.readableBytes == 0: frames = frame
      case .write(var frame):
        if frames.readableBytes + frame.readableBytes > Self.limit { writeNow(&frames) }
        frames.writeBuffer(&frame)
      case .run(let body):
        writeNow(&frames)
        body()
      }
    }
    writeNow(&frames)
  }

  private func writeNow(_ frames: inout ByteBuffer) {
    guard frames.readableBytes > 0 else { return }
    for reader in readers.value.values { reader.write(frames) }
    frames = ByteBuffer()
  }
}
