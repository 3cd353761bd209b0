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

  func job(_ id: Int64 = 1) async throws -> Job { try await call(JobsInterface.GetJob.self, .init(job: id)).job }

  /// At most 500, in the order of their positions.
  func deliveries(_ job: Int64 = 1) async throws -> [Delivery] {
    try await call(JobsInterface.ListDeliveries.self, .init(job: job)).deliveries
  }

  /// Starts everything that is due, and returns the job at once.
  @discardableResult
  func startAll() async throws -> Job {
    try await call(JobsInterface.Start.self, .init(request: UUID().uuidString, filter: .init(), all: true)).job
  }

  /// Waits until a job is in this state.
  @discardableResult
  func job(_ id: Int64 = 1, is state: JobState) async throws -> Job {
    var seen: Job?
    try await eventually("job \(id) \(state); it is \(String(describing: seen)); the log: \(log)") {
      seen = try await job(id)
      return seen?.state == state
    }
    return try await job(id)
  }

  /// Waits until a delivery is in this state.
  @discardableResult
  func delivery(_ position: Int, of id: Int64 = 1, is state: DeliveryState) async throws -> Delivery {
    var seen: Delivery?
    try await eventually("delivery \(position) \(state); it is \(String(describing: seen)); the log: \(log)") {
      seen = try await deliveries(id).first { $0.position == position }
      return seen?.state == state
    }
    return try await deliveries(id).first { $0.position == position } ?? { throw NotInTime("delivery \(position)") }()
  }
}
