import NIOCore
import NIOEmbedded

@testable import Control

/// What a connection gave: its frames, and how it ended.
struct FrameStream: Hashable {
  enum End: Hashable {
    case closed
    case failed(FrameReader.Failure)
  }

  var frames: [[UInt8]] = []
  var end: End?

  /// By the rule alone (UAPI.20), without a reader.
  static func expected(_ bytes: [UInt8], _ limit: Int) -> FrameStream {
    var stream = FrameStream()
    var parts = bytes.split(separator: 0, omittingEmptySubsequences: false)
    let rest = parts.removeLast()
    for part in parts {
      guard part.count <= limit else { return FrameStream(frames: stream.frames, end: .failed(.tooLong)) }
      stream.frames.append(Array(part))
    }
    stream.end = rest.isEmpty ? .closed : .failed(rest.count > limit ? .tooLong : .cutShort)
    return stream
  }

  /// Through a `FrameReader`, with somebody who always waits for the next frame.
  static func read(_ pieces: [[UInt8]], _ limit: Int) -> FrameStream {
    let reader = FrameReader(maximumSizeInBytes: limit, frameDeadline: nil)
    let channel = EmbeddedChannel(handler: reader)
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    var stream = FrameStream()
    var isWaiting = false
    // The embedded loop runs a callback at once where its future is complete.
    func take() {
      while !isWaiting, stream.end == nil {
        isWaiting = true
        reader.next(on: channel.eventLoop).assumeIsolated().whenComplete { result in
          isWaiting = false
          switch result {
          case .success(let frame?): stream.frames.append(Array(frame.readableBytesView))
          case .success(nil): stream.end = .closed
          case .failure(let error):
            stream.end = .failed(property("a stream fails for its own reasons", error as? FrameReader.Failure))
          }
        }
      }
    }
    take()
    for piece in pieces {
      channel.pipeline.fireChannelRead(ByteBuffer(bytes: piece))
      channel.pipeline.fireChannelReadComplete()
      take()
    }
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    take()
    return stream
  }
}
