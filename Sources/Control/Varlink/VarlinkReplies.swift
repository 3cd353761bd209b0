import Foundation
import Model
import NIOCore
import NIOFoundationCompat

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

/// One reply to a client's call.
package struct VarlinkReply<Method: VarlinkMethod>: Sendable {
  package let parameters: Method.Reply
  /// The same, fields that this program does not know included.
  package let fields: JSON
  /// More replies follow.
  package let continues: Bool

  /// The fields as one line of JSON with sorted keys.
  package var json: Data { fields.text }

  /// Throws the `VarlinkError` that the frame holds, or `VarlinkClient.Failure.malformedReply`.
  init(_ frame: ByteBuffer) throws {
    do {
      let reply = try WireJSON.decode(JSON.self, from: Data(buffer: frame))
      let fields = reply["parameters"].flatMap { $0 == .null ? nil : $0 } ?? .object([:])
      if let name = reply["error"]?.string { throw VarlinkError(name: name, parameters: fields) }
      self.fields = fields
      parameters = try fields.decode(Method.Reply.self)
      continues = reply["continues"] == .bool(true)
    } catch let error as DecodingError {
      throw VarlinkClient.Failure.malformedReply(method: Method.name, reason: "\(error)")
    }
  }
}
