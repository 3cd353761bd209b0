import Control
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// Listens, and hands requests to the router, one task each.
struct HTTPServer: Service {
  /// After the stop begins, for the requests of connections that were taken before.
  private static let farewell = Duration.milliseconds(500)

  private let listeners: [any Channel]
  private let arrivals: AsyncStream<Exchange>
  private let continuation: AsyncStream<Exchange>.Continuation
  private let connections: Connections
  private let router: Router

  /// Throws `IOError` when an address cannot be had.
  ///
  /// - Parameters:
  ///   - defaults: used where no sockets are given; one that this machine does not have is left out.
  ///   - budget: what answers that browsers do not take may take up.
  static func listen(
    on sockets: [HTTPSocket], orDefault defaults: [HTTPSocket], group: any EventLoopGroup, limits: HTTPLimits,
    budget: ReplyBudget, prefix: [String], router: Router
  ) async throws -> HTTPServer {
    let (arrivals, continuation) = AsyncStream.makeStream(of: Exchange.self)
    let connections = Connections(limits: limits)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 * 1024, high: 256 * 1024))
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          switch connections.admit(channel) {
          case .closed: channel.close(promise: nil)
          case .refused:
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(RefusedConnection(limits: limits))
          case .served:
            let limiter = HeaderSizeLimiter(limits: limits)
            try pipeline.addHandler(limiter)
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
            try pipeline.addHandler(
              RequestHandler(
                limits: limits, prefix: prefix, limiter: limiter, arrivals: continuation, budget: budget,
                isStopping: { connections.isStopping }))
          }
        }
      }
    var listeners: [any Channel] = []
    for socket in sockets.isEmpty ? defaults : sockets {
      do { listeners.append(try await socket.bind(bootstrap)) } catch let error as IOError
        where sockets.isEmpty && error.errnoCode == EADDRNOTAVAIL
      {
        // A machine without IPv6.
        continue
      }
    }
    return HTTPServer(
      listeners: listeners, arrivals: arrivals, continuation: continuation, connections: connections, router: router)
  }

  /// Answers until the group stops, then takes no more connections, answers what was asked over those that are there, and
  /// ends them.
  func run() async throws {
    await withDiscardingTaskGroup { group in
      group.addTask { await endArrivals() }
      for await exchange in arrivals { group.addTask { await router.answer(exchange) } }
    }
    for listener in listeners { try? await listener.close() }
    connections.closeAll()
  }

  private func endArrivals() async {
    try? await gracefulShutdown()
    connections.stop()
    // Not closed yet: NIO would drop those that it is just taking. The rest waits for the next process.
    for listener in listeners { try? await listener.setOption(.autoRead, value: false).get() }
    // A server that is cancelled waits for nobody.
    try? await Task.sleep(for: Self.farewell)
    continuation.finish()
  }
}
