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
  /// Of the whole: the reader's place is taken meanwhile.
  private static let deadline = Duration.seconds(10)

  let daemon: DaemonSocket
  let job: Int64?

  /// The events after one, in their order; nil: the log cannot say, in time at least, or they are too many.
  func events(after id: EventID) async throws -> [OldEvent]? {
    try await within(Self.deadline) { try await daemon.turns.run { try await read(after: id) } } ?? nil
  }

  private func read(after id: EventID) async throws -> [OldEvent]? {
    let client = try await daemon.connect()
    do {
      let events = try await read(from: client, after: id)
      await client.close()
      return events
    } catch {
      await client.close()
      throw error
    }
  }

  private func read(from client: VarlinkClient, after id: EventID) async throws -> [OldEvent]? {
    var found: [OldEvent] = []
    for try await reply in try await client.stream(
      JobsInterface.Watch.self, .init(job: job, after: id.description))
    {
      let content = reply.parameters
      if content.reset == true || found.count >= Self.limit { return nil }
      if content.last != nil { return found }
      guard let event = content.event, let json = reply.fields["event"] else { return nil }
      found.append(OldEvent(id: event.id, frame: Frame.event(event, json: json.text)))
    }
    return nil
  }
}
