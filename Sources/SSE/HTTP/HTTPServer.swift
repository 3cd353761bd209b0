import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Synchronization

/// Listens, and hands requests to the router, one task each.
struct HTTPServer: Service {
  /// After the stop begins, for the requests of connections that were taken before.
  private static let farewell = Duration.milliseconds(500)

  private let listeners: [any Channel]
  private let arrivals: AsyncStream<Exchange>
  private let continuation: AsyncStream<Exchange>.Continuation
  private let channels: Channels
  private let router: Router

  /// Throws `IOError` when an address cannot be had.
  ///
  /// - Parameter defaults: used where no sockets are given; one that this machine does not have is left out.
  static func listen(
    on sockets: [HTTPSocket], orDefault defaults: [HTTPSocket], group: any EventLoopGroup, limits: HTTPLimits,
    prefix: [String], router: Router
  ) async throws -> HTTPServer {
    let (arrivals, continuation) = AsyncStream.makeStream(of: Exchange.self)
    let channels = Channels(maximum: limits.maximumConnections)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 * 1024, high: 256 * 1024))
      .childChannelInitializer { channel in
        guard channels.admit(channel) else {
          channel.close(promise: nil)
          return channel.eventLoop.makeSucceededVoidFuture()
        }
        return channel.eventLoop.makeCompletedFuture {
          let meter = HeadMeter(limit: limits.headSizeInBytes + limits.bodySizeInBytes)
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(meter)
          try pipeline.addHandler(HTTPResponseEncoder())
          try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)))
          try pipeline.addHandler(
            RequestHandler(
              limits: limits, prefix: prefix, meter: meter, arrivals: continuation,
              isStopping: { channels.isStopping }))
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
      listeners: listeners, arrivals: arrivals, continuation: continuation, channels: channels, router: router)
  }

  /// Answers until the group stops, then takes no more connections, answers what was asked over those that are there, and
  /// ends them.
  func run() async throws {
    await withDiscardingTaskGroup { group in
      group.addTask { await endArrivals() }
      for await exchange in arrivals { group.addTask { await router.answer(exchange) } }
    }
    for listener in listeners { try? await listener.close() }
    channels.closeAll()
  }

  private func endArrivals() async {
    try? await gracefulShutdown()
    channels.stop()
    // Not closed yet: NIO would drop those that it is just taking. The rest waits for the next process.
    for listener in listeners { try? await listener.setOption(.autoRead, value: false).get() }
    // A server that is cancelled waits for nobody.
    try? await Task.sleep(for: Self.farewell)
    continuation.finish()
  }
}

/// The connections that are there.
private final class Channels: Sendable {
  private let maximum: Int
  private let stopping = Atomic(false)
  private let present = Mutex<[ObjectIdentifier: any Channel]>([:])

  init(maximum: Int) { self.maximum = maximum }

  /// They are kept for the answers that are due, and for no further request.
  var isStopping: Bool { stopping.load(ordering: .relaxed) }

  func stop() { stopping.store(true, ordering: .relaxed) }

  func admit(_ channel: any Channel) -> Bool {
    let id = ObjectIdentifier(channel)
    let isAdmitted = present.withLock { present in
      guard present.count < maximum else { return false }
      present[id] = channel
      return true
    }
    if isAdmitted {
      channel.closeFuture.whenComplete { [weak self] _ in self?.present.withLock { _ = $0.removeValue(forKey: id) } }
    }
    return isAdmitted
  }

  func closeAll() {
    for channel in present.withLock({ Array($0.values) }) { channel.close(promise: nil) }
  }
}
