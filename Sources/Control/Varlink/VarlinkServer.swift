import Foundation
import Glibc
import NIOCore
import NIOPosix

/// Serves interfaces on a Unix socket, by the Varlink protocol (UAPI.20).
///
/// Listens from `listen` on; calls are answered while `run` runs.
package struct VarlinkServer: Sendable {
  /// Connections that the kernel holds for us until they are taken (listen(2)); as many as may be there by default.
  private static let backlog: CInt = 1024

  private let socket: ListeningSocket
  private let listener: any Channel
  private let arrivals: AsyncStream<ServedConnection>
  private let limiter: ConnectionLimiter
  private let dispatcher: Dispatcher
  private let limits: VarlinkLimits

  /// Binds or takes the socket.
  ///
  /// - Parameters:
  ///   - isReadOnly: answers `PermissionDenied` to the methods that change something.
  ///   - budget: what unread replies may take up; several servers may share one.
  ///   - group: one thread is enough.
  ///   - onFailure: hears of errors that a service threw and that are no replies, with the method's full name; the
  ///     client's connection ends. Called from the connection's task.
  /// - Throws: `ListeningSocket.Failure`, or `IOError` when the descriptor is no socket that can listen.
  package static func listen(
    on socket: ListeningSocket, services: [any VarlinkService], identity: VarlinkIdentity, isReadOnly: Bool = false,
    limits: VarlinkLimits = VarlinkLimits(), budget: ReplyBudget = ReplyBudget(), group: any EventLoopGroup,
    onFailure: @escaping @Sendable (String, any Error) -> Void = { _, _ in }
  ) async throws -> VarlinkServer {
    let (arrivals, continuation) = AsyncStream.makeStream(of: ServedConnection.self)
    let limiter = ConnectionLimiter(maximum: limits.maximumConnections)
    let bootstrap = ServerBootstrap(group: group)
      .childChannelOption(.autoRead, value: false)
      .childChannelOption(.allowRemoteHalfClosure, value: true)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          switch limiter.admit(channel) {
          case .admitted(let id):
            continuation.yield(try ServedConnection(id: id, channel: channel, limits: limits, budget: budget))
          case .turnedAway:
            let error = VarlinkError.tooManyConnections(maximum: limiter.maximum)
            try channel.pipeline.syncOperations.addHandler(TurnedAway(error))
          case .none: channel.close(promise: nil)
          }
        }
      }
    let descriptor = try socket.open()
    let listener = try await bootstrap.withBoundSocket(descriptor).get()
    // NIO listens to a given socket with 128 whatever its options say; a second listen(2) changes the number.
    _ = Glibc.listen(descriptor, backlog)
    listener.closeFuture.whenComplete { _ in continuation.finish() }
    return VarlinkServer(
      socket: socket, listener: listener, arrivals: arrivals, limiter: limiter,
      dispatcher: Dispatcher(
        services: services, identity: identity, isReadOnly: isReadOnly, onFailure: onFailure), limits: limits)
  }

  /// Answers calls until the task is cancelled or `close` is called; then takes no more connections, closes those that
  /// wait for a call, cancels the calls that run, and returns when they have returned.
  package func run() async {
    await withDiscardingTaskGroup { group in
      for await connection in arrivals {
        group.addTask { await connection.serve(dispatcher, goodbye: limits.goodbye) }
      }
      group.cancelAll()
      await close()
    }
    for channel in limiter.present { channel.close(promise: nil) }
  }

  /// Stops listening, and removes the socket file that `listen` made. May be called twice.
  package func close() async {
    // Fails when it is closed already.
    guard (try? await listener.close()) != nil else { return }
    if case .path(let path, _) = socket { unlink(path) }
  }
}

/// What one client may cost the daemon.
package struct VarlinkLimits: Sendable, Hashable {
  /// Further connections are told so (`TooManyConnections`) and closed. Above 500, so that as many silent ones keep nobody
  /// out; each may hold one request, so all together at most 64 MiB.
  package var maximumConnections = 1024
  /// Of one request, without its NUL. A longer one ends the connection.
  package var maximumRequestSizeInBytes = 64 * 1024
  /// Of one reply, without its NUL; a longer one is refused (`ReplyTooLarge`). A page of a list is below 256 KiB; one
  /// invoice, or one rendered mail, may be longer.
  package var maximumReplySizeInBytes = 4 * 1024 * 1024
  /// From the first byte of a request to its NUL: half a request and silence is no use to anybody. A connection that
  /// has begun no request may stay silent for ever.
  package var requestDeadline = Duration.seconds(30)
  /// A client that does not take a reply for so long is gone.
  package var replyDeadline = Duration.seconds(30)
  /// What running calls have left, once the server is told to stop, to say a last word.
  package var goodbye = Duration.seconds(2)

  package init() {}
}

/// Answers the calls of one interface.
package protocol VarlinkService: Sendable {
  /// The interface's name, such as `io.invoiced.Jobs`.
  var name: String { get }
  /// The interface file, with its comments.
  var description: String { get }
  /// The methods that it has. Calls of others, calls without `more` where it is needed, and calls with parameters that
  /// do not fit are answered before `handle`; `oneway` calls of a method that changes something are not executed.
  var methods: [any VarlinkMethod.Type] { get }

  /// Answers one call; of one connection, one call at a time.
  ///
  /// Runs in a task that is cancelled when the client leaves or the server stops. When it returns without a last reply,
  /// the reply is `{}`. A thrown `VarlinkError` becomes the error reply. `CancellationError` ends the connection
  /// without a word, any other error does too and is reported to the server's `onFailure`.
  func handle(_ call: VarlinkCall) async throws
}
