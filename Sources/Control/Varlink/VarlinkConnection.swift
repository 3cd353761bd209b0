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
  /// Longer replies are refused.
  let maximumReplySizeInBytes: Int
  /// That its replies share with those of other connections.
  let budget: ReplyBudget
  private let replyDeadline: TimeAmount
  /// Nil: it has ended.
  private let closing: Mutex<[@Sendable () async -> Void]?> = Mutex([])

  init(id: UInt64, peer: Peer, channel: any Channel, limits: VarlinkLimits, budget: ReplyBudget) {
    self.id = id
    self.peer = peer
    self.channel = channel
    self.budget = budget
    maximumReplySizeInBytes = limits.maximumReplySizeInBytes
    replyDeadline = TimeAmount(limits.replyDeadline)
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
  func write(_ frame: ByteBuffer) async throws(ClientLeft) { try await Self.end(of: begin(frame)) }

  /// Begins to send a frame. What the kernel does not take at once counts in the budget, and the client has the deadline
  /// for it.
  ///
  /// - Returns: for `end`.
  func begin(_ frame: ByteBuffer) async throws(ClientLeft) -> EventLoopFuture<Void> {
    do {
      return try await channel.eventLoop.submit { self.beginOnLoop(frame) }.get()
    } catch {
      throw ClientLeft()
    }
  }

  /// Returns when the kernel has taken all of a frame.
  static func end(of write: EventLoopFuture<Void>) async throws(ClientLeft) {
    do {
      try await write.get()
    } catch {
      throw ClientLeft()
    }
  }

  private func beginOnLoop(_ frame: ByteBuffer) -> EventLoopFuture<Void> {
    let channel = channel
    let write = channel.writeAndFlush(frame)
    let client = ReplyBudget.Client(user: peer.uid, process: peer.pid)
    if budget.count(frame.readableBytes, for: client, until: write, on: channel) {
      let deadline = channel.eventLoop.scheduleTask(in: replyDeadline) { channel.close(promise: nil) }
      write.whenComplete { _ in deadline.cancel() }
    }
    return write
  }
}
