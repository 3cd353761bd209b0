import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// A connection to a Varlink server, for one call at a time. It stays until `close`, or the event loop's end.
package final class VarlinkClient: Sendable {
  package enum Failure: Error, Sendable, Hashable {
    /// Nobody answers at the path; `errno` is connect(2)'s: ENOENT, ECONNREFUSED (no daemon), EACCES (not permitted).
    case unreachable(path: String, errno: CInt)
    /// The server closed the connection before the reply.
    case connectionLost
    case malformedReply(method: String, reason: String)
    /// An earlier call of this connection has replies to come.
    case busy
  }

  /// Of one reply: a page of a list is far below.
  private static let maximumReplySizeInBytes = 64 * 1024 * 1024
  /// A Unix socket connects at once, or answers EAGAIN when the server's queue is full (unix(7)); then it is tried again
  /// for so long, and after such a pause.
  private static let connectDeadline = Duration.seconds(10)
  private static let connectPause = Duration.milliseconds(20)

  private let channel: any Channel
  private let frames: FrameSource
  private let isBusy = Mutex(false)

  private init(channel: any Channel, frames: FrameSource) {
    self.channel = channel
    self.frames = frames
  }

  /// Throws `Failure.unreachable`.
  package static func connect(to path: String, group: any EventLoopGroup) async throws -> VarlinkClient {
    let end = ContinuousClock.now.advanced(by: connectDeadline)
    while true {
      do {
        return try await connectOnce(to: path, group: group)
      } catch let error as IOError {
        guard error.errnoCode == EAGAIN, ContinuousClock.now < end else {
          throw Failure.unreachable(path: path, errno: error.errnoCode)
        }
        try await Task.sleep(for: connectPause)
      } catch is SocketAddressError {
        throw Failure.unreachable(path: path, errno: ENAMETOOLONG)
      }
    }
  }

  private static func connectOnce(to path: String, group: any EventLoopGroup) async throws -> VarlinkClient {
    let address = try SocketAddress(unixDomainSocketPath: path)
    return try await ClientBootstrap(group: group)
      .channelOption(.autoRead, value: false)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(to: address) { channel in
        channel.eventLoop.makeCompletedFuture {
          VarlinkClient(
            channel: channel,
            frames: try FrameSource(
              channel: channel, maximumSizeInBytes: maximumReplySizeInBytes, frameDeadline: nil))
        }
      }
  }

  /// May be called twice.
  package func close() async { try? await channel.close() }

  /// Calls a method and waits for its reply, as long as it takes.
  ///
  /// Throws the method's `VarlinkError`, a `Failure`, or `CancellationError`; cancellation closes the connection.
  package func call<M: VarlinkMethod>(_ method: M.Type, _ parameters: M.Parameters) async throws -> M.Reply {
    try await exchange(method, parameters).parameters
  }

  /// The same, with the reply's JSON.
  package func exchange<M: VarlinkMethod>(
    _ method: M.Type, _ parameters: M.Parameters
  ) async throws -> VarlinkReply<M> {
    try await send(method, parameters, more: false)
    return try await receive(method)
  }

  /// Calls a method with `more`.
  package func stream<M: VarlinkMethod>(
    _ method: M.Type, _ parameters: M.Parameters
  ) async throws -> VarlinkReplies<M> {
    try await send(method, parameters, more: true)
    return VarlinkReplies(client: self)
  }

  func receive<M: VarlinkMethod>(_ method: M.Type) async throws -> VarlinkReply<M> {
    do {
      guard let frame = try await frames.next() else { throw Failure.connectionLost }
      let reply = try VarlinkReply<M>(frame)
      if !reply.continues { isBusy.withLock { $0 = false } }
      return reply
    } catch let error as VarlinkError {
      isBusy.withLock { $0 = false }
      throw error
    } catch let error as Failure {
      try Task.checkCancellation()
      throw error
    } catch {
      try Task.checkCancellation()
      throw Failure.connectionLost
    }
  }

  private func send<M: VarlinkMethod>(_ method: M.Type, _ parameters: M.Parameters, more: Bool) async throws {
    let wasBusy = isBusy.withLock { busy in
      defer { busy = true }
      return busy
    }
    if wasBusy { throw Failure.busy }
    let frame = try VarlinkFrame.call("\(M.interface).\(M.name)", parameters: parameters, more: more)
    do {
      try await withTaskCancellationHandler {
        try await channel.writeAndFlush(frame)
      } onCancel: {
        channel.close(promise: nil)
      }
    } catch {
      try Task.checkCancellation()
      throw Failure.connectionLost
    }
  }
}
