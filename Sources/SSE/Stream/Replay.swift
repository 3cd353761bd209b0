import Control
import Foundation
import Model
import NIOCore

/// An event of the daemon's log.
struct OldEvent: Sendable {
  var id: EventID
  var frame: ByteBuffer
}

/// Events that are older than what a feed keeps, from the daemon's log, for one reader that comes back late.
struct Replay: Sendable {
  /// Bounds memory: some 600 bytes an event. A reader that missed more gets the present state.
  private static let limit = 5000

  let daemon: DaemonSocket
  let job: Int64?

  /// The events after one, in their order; nil: the log cannot say, or they are too many.
  func events(after id: EventID) async throws -> [OldEvent]? {
    let client = try await daemon.connect()
    var found: [OldEvent] = []
    var result: [OldEvent]?
    for try await reply in try await client.stream(
      JobsInterface.Watch.self, .init(job: job, after: id.description))
    {
      let content = reply.parameters
      if content.reset == true || found.count >= Self.limit { break }
      if content.last != nil {
        result = found
        break
      }
      guard let event = content.event, let json = try WireJSON.decode(JSON.self, from: reply.json)["event"] else {
        break
      }
      found.append(OldEvent(id: event.id, frame: Frame.event(event, json: try WireJSON.encode(json))))
    }
    await client.close()
    return result
  }
}
