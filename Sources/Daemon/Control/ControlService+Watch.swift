import Control
import Foundation
import Model
import Store

extension ControlService {
  /// Messages that a snapshot carries.
  private static let recentEvents = 200
  /// Events in one read, unless they are so long that it ends before (`Page`).
  private static let batch = 256

  /// Snapshot, then every later event: both come from the log, so there is no gap and no repetition.
  func watch(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.Watch.Parameters.self)
    let newEvents = store.newEvents.listen()
    var last: Int64
    // Looked for at first, whenever an event says so, and while only looks of the daemon's own keep the job.
    var mayBeOver = true
    if let after = parameters.after {
      guard let id = EventID(after) else { throw VarlinkError.invalidParameter("after") }
      if try await store.canResume(after: id) {
        if let job = parameters.job { _ = try await store.job(job) }
        last = id.sequence
        try await replyEvents(call, parameters.job, after: &last, &mayBeOver)
        try await call.reply(
          JobsInterface.Watch.Reply(last: EventID(epoch: store.epoch, sequence: last).description), continues: true)
      } else {
        last = try await replySnapshot(call, parameters.job, isReset: true)
      }
    } else {
      last = try await replySnapshot(call, parameters.job, isReset: false)
    }
    for await _ in newEvents {
      while true {
        do {
          try await replyEvents(call, parameters.job, after: &last, &mayBeOver)
          guard let job = parameters.job, mayBeOver else { break }
          switch try await course(of: job, last) {
          case .over: return try await call.reply(JobsInterface.Watch.Reply(end: true))
          case .unsettled: break
          case .goesOn: mayBeOver = false
          }
          break
        } catch let error as StoreError where error.isTrouble {
          try await time.sleep(Store.troubleLook)
        }
      }
    }
    // Only a daemon that stops ends the events.
    throw VarlinkError.shuttingDown
  }

  /// - Parameter mayBeOver: set when one of them is the end of its job, for now or for good.
  private func replyEvents(
    _ call: VarlinkCall, _ job: Int64?, after last: inout Int64, _ mayBeOver: inout Bool
  ) async throws {
    while let end = try await replyBatch(call, job, after: last, &mayBeOver) { last = end }
  }

  /// - Returns: the last one of a batch; nil: there are no more for now.
  private func replyBatch(
    _ call: VarlinkCall, _ job: Int64?, after last: Int64, _ mayBeOver: inout Bool
  ) async throws -> Int64? {
    var end: Int64?
    try await call.replies("event") {
      let entries = try await store.events(job: job, after: last, limit: Self.batch)
      end = entries.last?.sequence
      if entries.contains(where: \.isEnd) { mayBeOver = true }
      return entries.map(\.json)
    }
    return end
  }

  private func replySnapshot(_ call: VarlinkCall, _ job: Int64?, isReset: Bool) async throws -> Int64 {
    var last: Int64 = 0
    try await call.reply(continues: true) {
      let snapshot = try await store.snapshot(job: job, recent: Self.recentEvents)
      last = snapshot.last.sequence
      return JobsInterface.Watch.Reply(
        reset: isReset ? true : nil, snapshot: snapshot.job, last: snapshot.last.description,
        recent: job == nil ? nil : try snapshot.recent.map { try $0.event() })
    }
    return last
  }

  /// Whether a watcher may still hear of a job.
  private enum Course {
    /// Finished, or only a person can go on with it.
    case over
    /// It waits while the daemon looks at unknown deliveries, or there are events that were not passed on: the next event
    /// may be the last one.
    case unsettled
    /// An end of its own will come.
    case goesOn
  }

  private func course(of id: Int64, _ last: Int64) async throws -> Course {
    let snapshot = try await store.snapshot(job: id, recent: 1)
    guard let job = snapshot.job, (snapshot.recent.last?.sequence ?? 0) <= last else { return .unsettled }
    if job.state.isFinished { return .over }
    guard job.state == .waiting else { return .goesOn }
    // Nobody looks for a pipeline that the configuration does not name.
    return job.looking > 0 && pipelines[job.pipeline] != nil ? .unsettled : .over
  }
}
