import Control
import Foundation
import Model
import NIOCore

/// What a feed knows of its job, from the daemon's snapshot and the events since.
struct FeedState {
  /// Of a snapshot: a delivery that reached an outcome.
  struct Message: Encodable {
    var id: EventID
    var at: Date
    var delivery: DeliveryLine
  }

  private struct JobSnapshot: Encodable {
    var job: Job
    var last: EventID
    var elapsed: Double
    var messages: [Message]
  }

  private struct LogSnapshot: Encodable { var last: EventID }

  /// Messages that a snapshot carries.
  static let messages = 200

  /// Nil: the feed is of all jobs.
  private(set) var job: Job?
  private(set) var last: EventID
  private(set) var ring: FrameRing
  private var messages: [Message] = []
  /// Nothing more will come; the last readers are told and let go.
  var isOver = false
  private var encoded: (json: Data, at: Date)?
  /// How long a snapshot's `elapsed` may stand still while many readers come at once.
  private static let snapshotAge: TimeInterval = 1

  init(job: Job?, last: EventID, recent: [Event]) {
    self.job = job
    self.last = last
    ring = FrameRing(start: last.sequence)
    for event in recent { note(event) }
  }

  /// False: it was there already.
  mutating func take(_ event: Event, _ frame: ByteBuffer) -> Bool {
    guard event.id.sequence > last.sequence else { return false }
    last = event.id
    ring.append(event.id.sequence, frame)
    note(event)
    if job != nil {
      job?.state = event.state
      job?.counts = event.counts
      if let holds = event.holds { job?.holds = holds }
      job?.wait = event.wait
      job?.looking = event.looking ?? 0
      job?.finishedAt = event.state.isFinished ? event.at : nil
    }
    encoded = nil
    return true
  }

  /// JSON of the present state; made once for all who need it within a second, until the next event.
  mutating func snapshot(now: Date) -> Data {
    if let encoded, (0..<Self.snapshotAge).contains(now.timeIntervalSince(encoded.at)) { return encoded.json }
    let json: Data?
    if let job {
      let elapsed = max(0, (job.finishedAt ?? now).timeIntervalSince(job.startedAt))
      json = try? WireJSON.encode(
        JobSnapshot(job: job, last: last, elapsed: (elapsed * 1000).rounded() / 1000, messages: messages))
    } else {
      json = try? WireJSON.encode(LogSnapshot(last: last))
    }
    encoded = json.map { ($0, now) }
    return json ?? Data("{}".utf8)
  }

  private mutating func note(_ event: Event) {
    guard job != nil, let delivery = event.delivery else { return }
    messages.append(Message(id: event.id, at: event.at, delivery: delivery))
    if messages.count > Self.messages { messages.removeFirst(messages.count - Self.messages) }
  }
}
