import NIOCore
import Synchronization

/// The connections that are there, and how many may be.
final class ConnectionLimiter: Sendable {
  enum Place {
    /// A new connection's number.
    case admitted(UInt64)
    /// There are too many; the client can be told.
    case turnedAway
    /// There are too many that are told so.
    case none
  }

  /// Clients that are told at one time that there are too many; each has a descriptor for a second.
  static let maximumTurnedAway = 128

  private struct State {
    var last: UInt64 = 0
    var present: [UInt64: any Channel] = [:]
    var turnedAway = 0
  }

  let maximum: Int
  private let state = Mutex(State())

  init(maximum: Int) { self.maximum = maximum }

  /// A new connection's place, until the channel closes.
  func admit(_ channel: any Channel) -> Place {
    let place: Place = state.withLock { state in
      guard state.present.count < maximum else {
        guard state.turnedAway < Self.maximumTurnedAway else { return .none }
        state.turnedAway += 1
        return .turnedAway
      }
      state.last += 1
      state.present[state.last] = channel
      return .admitted(state.last)
    }
    channel.closeFuture.whenComplete { [weak self] _ in
      self?.state.withLock { state in
        switch place {
        case .admitted(let id): state.present[id] = nil
        case .turnedAway: state.turnedAway -= 1
        case .none: break
        }
      }
    }
    return place
  }

  var present: [any Channel] { state.withLock { Array($0.present.values) } }
}

/// Tells a client that there are too many, without a call to answer, and closes.
final class TurnedAway: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  /// A connection that is closed while a call waits in it is reset, and its client might not get the answer.
  private static let delay = TimeAmount.seconds(1)

  private let error: VarlinkError

  init(_ error: VarlinkError) { self.error = error }

  func channelActive(context: ChannelHandlerContext) {
    let channel = context.channel
    if let frame = try? VarlinkFrame.error(error) { channel.writeAndFlush(frame, promise: nil) }
    context.eventLoop.scheduleTask(in: Self.delay) { channel.close(promise: nil) }
  }
}
