import NIOCore
import NIOPosix

/// One TCP connection of a client.
struct Connection: Sendable {
  /// Marks the end of the pipeline that is next to the socket, below TLS.
  final class SocketEnd: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
  }

  /// From 1, in the order of acceptance.
  let number: Int
  let channel: any Channel

  /// Ends the connection, and every HTTP/2 stream on it, without the courtesies of TLS or HTTP/2.
  ///
  /// - Parameter reset: by TCP RST, which also throws away what the client has not read yet; otherwise by FIN.
  func abort(reset: Bool) async {
    if reset, let socket = channel as? any SocketOptionProvider {
      try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
    }
    let channel = channel
    try? await channel.eventLoop.submit {
      try channel.pipeline.syncOperations.context(handlerType: SocketEnd.self).close(promise: nil)
    }.get()
  }
}
