import NIOCore

/// A feed's readers on one event loop.
final class ReaderGroup: Sendable {
  let loop: any EventLoop
  private let readers: NIOLoopBoundBox<[ObjectIdentifier: Reader]>

  init(loop: any EventLoop) {
    self.loop = loop
    readers = .makeBoxSendingValue([:], eventLoop: loop)
  }

  /// Hands every reader to `body`, later, on the loop; calls from one thread keep their order.
  func forEach(_ body: @escaping @Sendable (Reader) -> Void) {
    loop.execute { for reader in self.readers.value.values { body(reader) } }
  }

  func add(_ reader: NIOLoopBound<Reader>, _ frames: [ByteBuffer], isLast: Bool) {
    loop.execute {
      let reader = reader.value
      reader.write(all: frames)
      self.readers.value[ObjectIdentifier(reader)] = reader
      if isLast { reader.finish() }
    }
  }

  func remove(_ reader: NIOLoopBound<Reader>) {
    loop.execute { self.readers.value[ObjectIdentifier(reader.value)] = nil }
  }
}
