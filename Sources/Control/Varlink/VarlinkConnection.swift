import NIOCore
import Synchronization

/// One client's connection, for as long as it lives.
package final class VarlinkConnection: Sendable {
  /// The client is not there any more, or does not take what it asked for.
  package struct ClientLeft: Error {}

  /// Unique in the server's life.
  package let id: UInt64
  package let peer: Peer

  let channel: any Channel
  private let replyDeadline: TimeAmount
  /// Nil: it has ended.
  private let closing: Mutex<[@Sendable () async -> Void]?> = Mutex([])

  init(id: UInt64, peer: Peer, channel: any Channel, replyDeadline: TimeAmount) {
    self.id = id
    self.peer = peer
    self.channel = channel
    self.replyDeadline = replyDeadline
  }

  /// Runs `action` once the connection has ended and its last call has returned; the last added runs first.
  ///
  /// False, without running it, when it has ended already.
  @discardableResult
  package func onClose(_ action: @escaping @Sendable () async -> Void) -> Bool {
    closing.withLock { actions in
      actions?.append(action)
      return actions != nil
    }
  }

  func end() async {
    let actions = closing.withLock { actions in
      defer { actions = nil }
      return actions ?? []
    }
    for action in actions.reversed() { await action() }
  }

  /// Returns when the kernel has taken all of it. Not cut short by cancellation, but by the deadline.
  func write(_ frame: ByteBuffer) async throws(ClientLeft) {
    let channel = channel
    let deadline = channel.eventLoop.scheduleTask(in: replyDeadline) { channel.close(promise: nil) }
    defer { deadline.cancel() }
    do {
      try await channel.writeAndFlush(frame)
    } catch {
      throw ClientLeft()
    }
  }
}
