import Control
import Foundation
import Model

extension Context {
  /// Calls a method that lists, page by page to the last one, over one connection.
  ///
  /// - Parameters:
  ///   - list: name of the reply's list.
  ///   - next: where the next page begins; nil ends.
  ///   - take: gets each page: its JSON values, and the reply.
  func pages<M: VarlinkMethod, Position>(
    of method: M.Type, list: String, _ parameters: (Position?) -> M.Parameters, next: (M.Reply) -> Position?,
    take: ([JSON], M.Reply) throws -> Void
  ) async throws {
    let daemon = try await connect()
    var position: Position?
    repeat {
      let reply = try await daemon.exchange(method, parameters(position))
      let values = json ? try WireJSON.decode(JSON.self, from: reply.json)[list]?.array ?? [] : []
      try take(values, reply.parameters)
      position = next(reply.parameters)
    } while position != nil
    await daemon.close()
  }

  /// The deliveries of a job, or of all, page by page.
  func deliveries(
    job: Int64?, states: [DeliveryState]? = nil, period: String? = nil, take: ([JSON], [Delivery]) throws -> Void
  ) async throws {
    try await pages(
      of: JobsInterface.ListDeliveries.self, list: "deliveries",
      { .init(job: job, states: states, period: period, after: $0, limit: Self.pageSize) }, next: \.next
    ) { try take($0, $1.deliveries) }
  }
}
