import Control
import Model

extension Context {
  /// Calls a method that lists, page by page to the last one, over one connection. The daemon reads the next page while this
  /// one is printed.
  ///
  /// - Parameters:
  ///   - list: name of the reply's list.
  ///   - next: where the next page begins; nil ends.
  ///   - take: gets each page: its JSON values with `--json`, and the reply.
  func pages<M: VarlinkMethod, Position>(
    of method: M.Type, list: String, _ parameters: (Position?) -> M.Parameters, next: (M.Reply) -> Position?,
    take: ([JSON], M.Reply) throws -> Void
  ) async throws {
    let daemon = try await connect()
    var reply = try await daemon.exchange(method, parameters(nil))
    while let position = next(reply.parameters) {
      let wanted = parameters(position)
      async let following = daemon.exchange(method, wanted)
      try take(values(of: reply, list), reply.parameters)
      reply = try await following
    }
    try take(values(of: reply, list), reply.parameters)
    await daemon.close()
  }

  private func values<M: VarlinkMethod>(of reply: VarlinkReply<M>, _ list: String) -> [JSON] {
    json ? reply.fields[list]?.array ?? [] : []
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
