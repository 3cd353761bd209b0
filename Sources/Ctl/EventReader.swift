import Control
import Foundation
import Model

/// Reads the events of one job, over as many connections as it takes, and puts them on the screen.
struct EventReader {
  let follower: JobFollower
  /// The next connection to use; nil: make one.
  var client: VarlinkClient?

  /// The newest event that was seen, and the one to resume after.
  private var last: EventID?
  private let start: String?
  private var state = JobState.running
  private var counts = Counts()
  /// Whether the job's closing line was the last one.
  private var isClosed = false

  init(follower: JobFollower, after: String?) {
    self.follower = follower
    start = after
    last = after.flatMap { EventID($0) }
  }

  /// Returns when the job has ended. Throws when the connection does; call it again then, with another `client`.
  mutating func readToEnd() async throws -> JobFollower.End {
    let client: VarlinkClient
    if let given = self.client { client = given } else { client = try await follower.context.connect() }
    self.client = nil
    let resume = last?.description ?? start
    let replies = try await client.stream(
      JobsInterface.Watch.self, .init(job: follower.job, after: resume))
    for try await reply in replies {
      if let end = try await take(reply) {
        await client.close()
        return end
      }
    }
    throw VarlinkClient.Failure.connectionLost
  }

  private mutating func take(_ reply: VarlinkReply<JobsInterface.Watch>) async throws -> JobFollower.End? {
    let content = reply.parameters
    if let snapshot = content.snapshot { try await take(snapshot, reply) }
    for (event, json) in Self.events(reply) {
      if let last, event.id.epoch == last.epoch, event.id.sequence <= last.sequence { continue }
      try await show(event, json)
    }
    if let id = content.last.flatMap({ EventID($0) }) { last = newest(last, id) }
    if content.end == true { return try await ended() }
    guard follower.leavesOnHold, state == .paused else { return nil }
    return try await heldForAPerson()
  }

  /// Where the job stands, first of all or after a gap.
  private mutating func take(_ job: Job, _ reply: VarlinkReply<JobsInterface.Watch>) async throws {
    let context = follower.context
    (state, counts) = (job.state, job.counts)
    let end = job.finishedAt ?? Date()
    let elapsed = end.timeIntervalSince(job.startedAt)
    await follower.screen.show(counts, elapsed: max(0, elapsed), Standstill(job))
    // Before event 0 nothing was seen that could be missing.
    if reply.parameters.reset == true, let last, last.sequence > 0 {
      let text = context.wording.eventsMissing(job.id)
      try await follower.screen.note(context.message("notice", code: "EventsMissing", text))
    }
    guard context.json else { return }
    guard case .object(var fields) = reply.fields else { return }
    fields["recent"] = nil  // printed as the events that they are
    try await follower.screen.print(json: JSON.object(fields).text)
  }

  private mutating func show(_ event: Event, _ json: JSON) async throws {
    last = event.id
    (state, counts) = (event.state, event.counts)
    isClosed = event.kind == .complete && !(event.state == .waiting && (event.looking ?? 0) > 0)
    let screen = follower.screen
    await screen.show(counts, elapsed: event.elapsed, Standstill(event))
    if follower.context.json {
      try await screen.print(json: json.text)
    } else {
      try await screen.print(follower.context.wording.sentences.line(of: event))
    }
  }

  private mutating func ended() async throws -> JobFollower.End {
    if !isClosed && !follower.context.json {
      try await follower.screen.erase()
      try await follower.screen.print(follower.context.wording.sentences.end(state, counts))
    }
    return .stopped(state, counts)
  }

  /// Whether the job is paused now, not only in an old event, and by what nothing but a person ends.
  private func heldForAPerson() async throws -> JobFollower.End? {
    let job = try await follower.context.call(JobsInterface.GetJob.self, .init(job: follower.job)).job
    guard job.state == .paused, job.holds.contains(where: \.kind.needsPerson) else { return nil }
    return .stopped(job.state, job.counts)
  }

  private func newest(_ a: EventID?, _ b: EventID) -> EventID {
    guard let a, a.epoch == b.epoch else { return b }
    return a.sequence > b.sequence ? a : b
  }

  /// The events of a reply with their JSON, the oldest first.
  private static func events(_ reply: VarlinkReply<JobsInterface.Watch>) -> [(Event, JSON)] {
    let events = (reply.parameters.recent ?? []) + (reply.parameters.event.map { [$0] } ?? [])
    guard !events.isEmpty else { return [] }
    let values = (reply.fields["recent"]?.array ?? []) + (reply.fields["event"].map { [$0] } ?? [])
    return Array(zip(events, values))
  }
}
