import Control
import Foundation
import Model
import NIOPosix
import TestSupport

extension RunningDaemon {
  /// One call over the socket.
  func call<M: VarlinkMethod>(_ method: M.Type, _ parameters: M.Parameters) async throws -> M.Reply {
    let client = try await VarlinkClient.connect(to: socket, group: .singletonMultiThreadedEventLoopGroup)
    do {
      let reply = try await client.call(method, parameters)
      await client.close()
      return reply
    } catch {
      await client.close()
      throw error
    }
  }

  /// Starts everything that is due, and returns the job at once.
  ///
  /// - Parameter request: the same one returns the same job.
  func startAll(_ request: String) async throws -> Int64 {
    try await call(JobsInterface.Start.self, .init(request: request, filter: .init(), all: true)).job.id
  }

  /// Whether nothing more happens to a job by itself: it is completed, or its last deliveries wait for a person.
  func isSettled(_ id: Int64) async throws -> Bool {
    let job = try await call(JobsInterface.GetJob.self, .init(job: id)).job
    switch job.state {
    case .completed, .cancelled: return true
    case .running, .paused: return false
    case .waiting:
      let unknown = try await call(JobsInterface.ListDeliveries.self, .init(job: id, states: [.unknown]))
      return job.counts.unknown > 0 && unknown.deliveries.allSatisfy(\.asksPerson)
    }
  }

  /// Returns at the n-th later outcome of a job, or when the job ends.
  func outcomes(_ count: Int, of job: Int64) async throws {
    let client = try await VarlinkClient.connect(to: socket, group: .singletonMultiThreadedEventLoopGroup)
    var left = count
    for try await reply in try await client.stream(JobsInterface.Watch.self, .init(job: job)) {
      if reply.parameters.event?.kind == .progress { left -= 1 }
      if left <= 0 { break }
    }
    await client.close()
  }

  /// Every delivery of every job.
  func exported() async throws -> [Delivery] {
    try await ctl("--json", "export").output.split(separator: "\n").map {
      try WireJSON.decode(Delivery.self, from: Data($0.utf8))
    }
  }

  /// Every outcome that was ever written, from the event log.
  func history(of job: Int64, epoch: String) async throws -> [Event] {
    let client = try await VarlinkClient.connect(to: socket, group: .singletonMultiThreadedEventLoopGroup)
    var events: [Event] = []
    var last: EventID?
    for try await reply in try await client.stream(JobsInterface.Watch.self, .init(job: job, after: "\(epoch).0")) {
      let content = reply.parameters
      events += (content.recent ?? []) + (content.event.map { [$0] } ?? [])
      last = content.last.flatMap { EventID($0) } ?? last
      if content.end == true { break }
    }
    await client.close()
    return events
  }
}

extension Delivery {
  /// Whether it is unknown, and only a person can decide.
  var asksPerson: Bool { state == .unknown && [.draftGone, .draftEdited, .draftStays].contains(code) }
}
