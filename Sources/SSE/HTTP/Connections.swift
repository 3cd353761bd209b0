import NIOCore
import NIOHTTP1
import Synchronization

/// The connections that are there, and how many may be.
final class Connections: Sendable {
  enum Admission {
    /// It is served.
    case served
    /// There are too many, and it is told so.
    case refused
    /// There are too many of those, too.
    case closed
  }

  private struct State {
    var served: [ObjectIdentifier: any Channel] = [:]
    var refused = 0
  }

  private let limits: HTTPLimits
  private let stopping = Atomic(false)
  private let state = Mutex(State())

  init(limits: HTTPLimits) { self.limits = limits }

  /// They are kept for the answers that are due, and for no further request.
  var isStopping: Bool { stopping.load(ordering: .relaxed) }

  func stop() { stopping.store(true, ordering: .relaxed) }

  /// Counts a new connection until it closes.
  func admit(_ channel: any Channel) -> Admission {
    let id = ObjectIdentifier(channel)
    let admission = state.withLock { state -> Admission in
      if state.served.count < limits.maximumConnections {
        state.served[id] = channel
        return .served
      }
      guard state.refused < limits.refusedConnections else { return .closed }
      state.refused += 1
      return .refused
    }
    channel.closeFuture.whenComplete { [weak self] _ in
      self?.state.withLock { state in
        switch admission {
        case .served: state.served[id] = nil
        case .refused: state.refused -= 1
        case .closed: break
        }
      }
    }
    return admission
  }

  func closeAll() {
    for channel in state.withLock({ Array($0.served.values) }) { channel.close(promise: nil) }
  }
}

/// A connection for which there is no place: answers its first bytes with 503, whatever they ask for, and reads the rest
/// away, since bytes that stay unread at the end would make a reset of the answer (RFC 9112, 9.6).
final class RefusedConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = HTTPServerResponsePart

  private let limits: HTTPLimits
  private var deadline: Scheduled<Void>?
  private var isAnswered = false

  init(limits: HTTPLimits) { self.limits = limits }

  func channelActive(context: ChannelHandlerContext) { close(context.channel, after: limits.refusal) }

  func channelInactive(context: ChannelHandlerContext) { deadline?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isAnswered else { return }
    isAnswered = true
    let response = Response(HTTPError.tooManyConnections)
    context.write(wrapOutboundOut(.head(response.head(keepsAlive: false))), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(response.body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    context.channel.close(mode: .output, promise: nil)
    close(context.channel, after: limits.refusal)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func close(_ channel: any Channel, after time: TimeAmount) {
    deadline?.cancel()
    deadline = channel.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
  }
}
