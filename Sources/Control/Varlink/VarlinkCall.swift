import Foundation
import Model
import NIOCore
import Synchronization

/// One call that a service answers.
package final class VarlinkCall: Sendable {
  /// The service has given its last reply already.
  package struct AlreadyAnswered: Error {}

  /// Short name.
  package let method: String
  /// The client takes several replies.
  package let more: Bool
  package let connection: VarlinkConnection

  private let isOneway: Bool
  private let given: [String: JSON]
  /// The parameters as the method's own type.
  private let decoded: any Sendable
  private let isAnswered = Mutex(false)

  init(
    _ request: VarlinkRequest, decoded: any Sendable, connection: VarlinkConnection
  ) {
    method = request.shortName
    more = request.flag == .more
    isOneway = request.flag == .oneway
    given = request.parameters
    self.decoded = decoded
    self.connection = connection
  }

  package var peer: Peer { connection.peer }

  /// Throws `VarlinkError.invalidParameter` when they do not fit, which for the method's own type they do.
  package func parameters<T: Codable & Sendable>(as type: T.Type) throws -> T {
    try decoded as? T ?? StrictParameters.decode(type, from: given)
  }

  /// Sends a reply, and returns when the kernel has taken it.
  ///
  /// - Parameter continues: more will follow; throws `VarlinkError.expectedMore` unless the client takes several.
  /// Throws `VarlinkConnection.ClientLeft` when nobody is there to read it.
  package func reply(_ value: some Encodable & Sendable, continues: Bool = false) async throws {
    try await reply(raw: WireJSON.encode(value), continues: continues)
  }

  /// The same for a reply that may be long: `make` runs when it is its turn among the calls of all connections, and what
  /// it needs is freed before the reply waits for the client.
  package func reply<T: Encodable & Sendable>(
    continues: Bool = false, making make: () async throws -> T
  ) async throws {
    try await reply(continues: continues) { RawJSON(try WireJSON.encode(try await make())) }
  }

  package func reply(continues: Bool = false, making make: () async throws -> RawJSON) async throws {
    if continues { try requireMore() }
    let write = try await connection.budget.turns.run {
      let raw = try await make().data
      return try await begin(last: !continues, sizeInBytes: raw.count) { VarlinkFrame.reply(raw, continues: continues) }
    }
    try await end(write)
  }

  /// Sends replies that more will follow, all at once: each has one field whose JSON was made before, such as an event's:
  /// `{"event":<raw>}`. None of them: nothing is sent. What `make` needs is freed before they wait for the client.
  package func replies(_ field: StaticString, making make: () async throws -> [String]) async throws {
    try requireMore()
    let write = try await begin(field, try await make())
    try await end(write)
  }

  private func begin(_ field: StaticString, _ raw: [String]) async throws -> EventLoopFuture<Void>? {
    guard let size = raw.lazy.map(\.utf8.count).max() else { return nil }
    return try await begin(last: false, sizeInBytes: size) { VarlinkFrame.replies(field, raw) }
  }

  /// - Parameter raw: JSON text of an object without a NUL, passed on as it is.
  package func reply(raw: Data, continues: Bool = false) async throws {
    if continues { try requireMore() }
    try await end(
      begin(last: !continues, sizeInBytes: raw.count) { VarlinkFrame.reply(raw, continues: continues) })
  }

  func fail(_ error: VarlinkError) async throws {
    try await end(begin(last: true, sizeInBytes: 0) { try VarlinkFrame.error(error) })
  }

  /// Gives the last reply if the service has not.
  func finish() async throws {
    if !isAnswered.withLock({ $0 }) { try await reply(raw: Data("{}".utf8)) }
  }

  private func requireMore() throws {
    if !more && !isOneway { throw VarlinkError.expectedMore }
  }

  /// - Parameter sizeInBytes: of the reply, for the bound; an error has none.
  private func begin(
    last: Bool, sizeInBytes: Int, _ frame: () throws -> ByteBuffer
  ) async throws -> EventLoopFuture<Void>? {
    let maximum = connection.maximumReplySizeInBytes
    guard sizeInBytes <= maximum else { throw VarlinkError.replyTooLarge(size: sizeInBytes, maximum: maximum) }
    let wasAnswered = isAnswered.withLock { answered in
      defer { answered = answered || last }
      return answered
    }
    if wasAnswered { throw AlreadyAnswered() }
    return isOneway ? nil : try await connection.begin(try frame())
  }

  private func end(_ write: EventLoopFuture<Void>?) async throws {
    if let write { try await VarlinkConnection.end(of: write) }
  }
}

/// JSON text of an object, made elsewhere and passed on as it is. Has no NUL.
package struct RawJSON: Sendable {
  let data: Data

  package init(_ data: Data) { self.data = data }

  package init(_ text: String) { data = Data(text.utf8) }

  /// A page of a list whose elements' JSON was made before: `{"jobs":[<element>,…],"next":<next>}`.
  ///
  /// - Parameter next: where the next page begins; nil on the last one.
  package init(_ list: StaticString, _ elements: [String], next: JSON?) {
    var data = Data("{\"\(list)\":[\(elements.joined(separator: ","))]".utf8)
    if let next { data += Data(",\"next\":".utf8) + next.text }
    data.append(UInt8(ascii: "}"))
    self.data = data
  }
}
