import NIOCore
import NIOHTTP1
import NIOHTTP2
import NIOPosix
import NIOSSL
import Synchronization

/// The TLS server on 127.0.0.1: HTTP/2 where the client offers it by ALPN, HTTP/1.1 otherwise.
///
/// HTTP/2 settings are swift-nio-http2's own, its guards included. One of them matters to clients: more than 200
/// RST_STREAM frames within 30 seconds on a connection (`StreamResetFrameRateLimitConfiguration`) end that connection
/// with GOAWAY and ENHANCE_YOUR_CALM, as any server does that guards against rapid resets (CVE-2023-44487). A client
/// that resets a stream after each upload must change its connection before.
struct Server: Sendable {
  private typealias Channel1 = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
  private typealias Negotiated = NIONegotiatedHTTPVersion<
    Channel1, (any Channel, NIOHTTP2Handler.AsyncStreamMultiplexer<Channel1>)
  >
  private struct Accepted: Sendable {
    let channel: any Channel
    let negotiated: EventLoopFuture<Negotiated>
  }

  /// More than any client of the tests opens at once.
  private static let backlog: Int32 = 512

  /// `https://localhost:PORT`
  let url: String
  private let listener: NIOAsyncChannel<Accepted, Never>

  /// Listens; calls wait until `run`. Throws when the port is taken.
  init(port: Int, certificate: Certificate, http1Only: Bool) async throws {
    let tls = try certificate.context(http1Only: http1Only)
    listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.backlog, value: Self.backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: "127.0.0.1", port: port) { channel in Self.configure(channel, tls) }
    url = "https://localhost:\(listener.channel.localAddress?.port ?? port)"
  }

  /// Serves until the task is cancelled or the listener breaks. A broken connection harms nobody else.
  func run(_ service: Service) async throws {
    let count = Mutex(0)
    try await listener.executeThenClose { connections in
      try await withThrowingDiscardingTaskGroup { group in
        for try await accepted in connections {
          let number = count.withLock { count in
            count += 1
            return count
          }
          let connection = Connection(number: number, channel: accepted.channel)
          group.addTask { await Self.serve(accepted, connection, service) }
        }
      }
    }
  }

  private static func configure(_ channel: any Channel, _ tls: NIOSSLContext) -> EventLoopFuture<Accepted> {
    channel.eventLoop.makeCompletedFuture {
      try channel.pipeline.syncOperations.addHandler(Connection.SocketEnd())
      try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
    }.flatMap {
      channel.configureAsyncHTTPServerPipeline(
        http1ConnectionInitializer: { connection in
          connection.eventLoop.makeCompletedFuture { try Channel1(wrappingChannelSynchronously: connection) }
        },
        http2ConnectionInitializer: { connection in connection.eventLoop.makeSucceededFuture(connection) },
        http2StreamInitializer: { stream in
          stream.eventLoop.makeCompletedFuture {
            try stream.pipeline.syncOperations.addHandler(HTTP2FramePayloadToHTTP1ServerCodec())
            return try Channel1(wrappingChannelSynchronously: stream)
          }
        })
    }.map { Accepted(channel: channel, negotiated: $0) }
  }

  private static func serve(_ accepted: Accepted, _ connection: Connection, _ service: Service) async {
    // What ends a connection early (no TLS, a reset, a guard of HTTP/2) concerns that client alone.
    guard let negotiated = try? await accepted.negotiated.get() else { return }
    switch negotiated {
    case .http1_1(let channel):
      await Exchange(channel: channel, connection: connection, version: "1.1", service: service).run()
    case .http2((_, let multiplexer)):
      try? await withThrowingDiscardingTaskGroup { group in
        for try await stream in multiplexer.inbound {
          let exchange = Exchange(channel: stream, connection: connection, version: "2", service: service)
          group.addTask { await exchange.run() }
        }
      }
    }
  }
}
