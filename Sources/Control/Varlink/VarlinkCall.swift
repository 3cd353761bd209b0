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

  /// Sends a reply with one field whose JSON was made before, such as an event's: `{"event":<raw>}`.
  package func reply(_ field: StaticString, raw: Data, continues: Bool = false) async throws {
    var object = Data("{\"\(field)\":".utf8)
    object.append(raw)
    object.append(UInt8(ascii: "}"))
    try await reply(raw: object, continues: continues)
  }

  /// Sends a page of a list whose elements' JSON was made before: `{"jobs":[<raw>,…],"next":<next>}`.
  ///
  /// - Parameter next: where the next page begins; nil on the last one.
  package func reply(_ list: StaticString, raw elements: [String], next: JSON?) async throws {
    var object = Data("{\"\(list)\":[\(elements.joined(separator: ","))]".utf8)
    if let next { object += Data(",\"next\":".utf8) + next.text }
    object.append(UInt8(ascii: "}"))
    try await reply(raw: object)
  }

  /// - Parameter raw: JSON text of an object without a NUL, passed on as it is.
  package func reply(raw: Data, continues: Bool = false) async throws {
    if continues && !more && !isOneway { throw VarlinkError.expectedMore }
    try await send(last: !continues) { VarlinkFrame.reply(raw, continues: continues) }
  }

  func fail(_ error: VarlinkError) async throws {
    try await send(last: true) { try VarlinkFrame.error(error) }
  }

  /// Gives the last reply if the service has not.
  func finish() async throws {
    if !isAnswered.withLock({ $0 }) { try await reply(raw: Data("{}".utf8)) }
  }

  private func send(last: Bool, _ frame: () throws -> ByteBuffer) async throws {
    let wasAnswered = isAnswered.withLock { answered in
      defer { answered = answered || last }
      return answered
    }
    if wasAnswered { throw AlreadyAnswered() }
    if !isOneway { try await connection.write(try frame()) }
  }
}
