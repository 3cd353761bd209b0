/// The replies to a call with `more`, as they come; the next one is read when it is asked for.
///
/// To leave early, cancel the task or close the client: the connection is of no use afterwards.
package struct VarlinkReplies<Method: VarlinkMethod>: AsyncSequence, Sendable {
  package typealias Element = VarlinkReply<Method>

  let client: VarlinkClient

  package func makeAsyncIterator() -> Iterator { Iterator(client: client) }

  package struct Iterator: AsyncIteratorProtocol {
    let client: VarlinkClient
    private var isOver = false

    init(client: VarlinkClient) { self.client = client }

    package mutating func next() async throws -> VarlinkReply<Method>? {
      if isOver { return nil }
      isOver = true
      let reply = try await client.receive(Method.self)
      isOver = !reply.continues
      return reply
    }
  }
}
