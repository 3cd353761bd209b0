@testable import Control
import NIOCore
import NIOPosix

/// A client that writes what it is told, well formed or not.
struct RawClient: Sendable {
  let channel: any Channel
  private let frames: FrameSource

  init(path: String, group: any EventLoopGroup) async throws {
    (channel, frames) = try await ClientBootstrap(group: group)
      .channelOption(.autoRead, value: false)
      .channelOption(.allowRemoteHalfClosure, value: true)
      .connect(to: SocketAddress(unixDomainSocketPath: path)) { channel in
        channel.eventLoop.makeCompletedFuture {
          (channel, try FrameSource(channel: channel, maximumSizeInBytes: 64 << 20, frameDeadline: nil))
        }
      }
  }

  func send(_ text: String) async throws { try await send(ByteBuffer(string: text)) }

  func send(_ bytes: ByteBuffer) async throws { try await channel.writeAndFlush(bytes) }

  /// The next frame, or nil when the server has closed the connection.
  func next() async throws -> String? {
    do {
      return try await frames.next().map { String(buffer: $0) }
    } catch is IOError {
      return nil
    } catch is ChannelError {
      return nil
    }
  }

  /// Sends frames and returns the first reply.
  func ask(_ text: String) async throws -> String? {
    try await send(text + "\0")
    return try await next()
  }

  func close() async { try? await channel.close() }
}
