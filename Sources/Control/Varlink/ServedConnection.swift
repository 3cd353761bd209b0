import NIOCore

/// The server's side of one connection, from its first call to its end.
struct ServedConnection: Sendable {
  /// Who cannot be named by the kernel is nobody (`/proc/sys/kernel/overflowuid`).
  private static let nobody = Peer(uid: 65534, gid: 65534, pid: 0)

  private let connection: VarlinkConnection
  private let frames: FrameSource

  private var channel: any Channel { connection.channel }

  /// On the channel's event loop.
  init(id: UInt64, channel: any Channel, limits: VarlinkLimits, budget: ReplyBudget) throws {
    frames = try FrameSource(
      channel: channel, maximumSizeInBytes: limits.maximumRequestSizeInBytes,
      frameDeadline: TimeAmount(limits.requestDeadline))
    connection = VarlinkConnection(
      id: id, peer: Peer(of: channel) ?? Self.nobody, channel: channel, limits: limits, budget: budget)
  }

  /// Answers its calls, one after the other, until the client leaves, breaks a rule, or the task is cancelled.
  ///
  /// The call that runs then is cancelled. Its last word is sent within `goodbye` of the task's cancellation.
  func serve(_ dispatcher: Dispatcher, goodbye: Duration) async {
    let (left, continuation) = AsyncStream.makeStream(of: Never.self)
    channel.closeFuture.whenComplete { _ in continuation.finish() }
    await withTaskCancellationHandler {
      await withTaskGroup { group in
        group.addTask { await answerCalls(dispatcher) }
        // A call that says nothing for a while does not notice otherwise that nobody listens.
        group.addTask { for await _ in left {} }
        await group.next()
        group.cancelAll()
      }
    } onCancel: {
      channel.eventLoop.scheduleTask(in: TimeAmount(goodbye)) { channel.close(promise: nil) }
    }
    channel.close(promise: nil)
    await connection.end()
  }

  private func answerCalls(_ dispatcher: Dispatcher) async {
    do {
      while !Task.isCancelled, let frame = try await frames.next() {
        try await dispatcher.answer(VarlinkRequest(frame), on: connection)
      }
    } catch {
      // The client left or broke a rule, or a service failed and was reported: closing is the answer.
    }
  }
}
