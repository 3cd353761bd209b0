import Control
import Foundation
import Synchronization

/// A small interface that shows each rule of the protocol.
final class EchoService: VarlinkService {
  /// What the service has seen.
  struct Seen: Sendable, Equatable {
    var added = 0
    var producedPages = 0
    var cancelled = 0
    var closed: [UInt64] = []
    var peers: [Peer] = []
  }

  let name = "io.invoiced.test"
  let description = """
    # For tests.
    interface io.invoiced.test

    type Place (street: ?string, number: ?int)

    # Says it again.
    method Echo(text: string, place: ?Place) -> (text: string)
    method Add(by: int) -> ()
    # Counts to `to`.
    method Count(to: int) -> (number: int)
    method Flood(size: int) -> (text: string)
    method Wait() -> (told: ?string)
    method WhoAmI() -> (uid: int, gid: int, pid: int)
    method Refuse() -> ()
    method Break() -> ()
    method ContinueAnyway() -> ()

    error Refused (reason: string)

    """

  let methods: [any VarlinkMethod.Type] = [
    Echo.self, Add.self, Count.self, Flood.self, Wait.self, WhoAmI.self, Refuse.self, Break.self,
    ContinueAnyway.self,
  ]

  private let state = Mutex(Seen())

  var seen: Seen { state.withLock { $0 } }

  func handle(_ call: VarlinkCall) async throws {
    state.withLock { $0.peers.append(call.peer) }
    switch call.method {
    case Echo.name:
      try await call.reply(Echo.Reply(text: call.parameters(as: Echo.Parameters.self).text))
    case Add.name:
      let by = try call.parameters(as: Add.Parameters.self).by
      state.withLock { $0.added += by }
    case Count.name:
      let last = try call.parameters(as: Count.Parameters.self).to
      for number in 1...last {
        try await call.reply(Count.Reply(number: number), continues: number < last)
      }
    case Flood.name:
      let text = String(repeating: "x", count: try call.parameters(as: Flood.Parameters.self).size)
      while true {
        try await call.reply(Echo.Reply(text: text), continues: true)
        state.withLock { $0.producedPages += 1 }
      }
    case Wait.name:
      let id = call.connection.id
      call.connection.onClose { [self] in state.withLock { $0.closed.append(id) } }
      try await call.reply(Wait.Reply(), continues: true)
      do {
        try await Task.sleep(for: .seconds(3600))
      } catch {
        state.withLock { $0.cancelled += 1 }
        try await call.reply(Wait.Reply(told: "goodbye"))
      }
    case WhoAmI.name:
      let peer = call.peer
      try await call.reply(WhoAmI.Reply(uid: peer.uid, gid: peer.gid, pid: peer.pid))
    case Refuse.name:
      throw VarlinkError(name: "\(name).Refused", parameters: .object(["reason": .string("because")]))
    case ContinueAnyway.name:
      try await call.reply(Empty(), continues: true)
    default:
      throw Broken()
    }
  }

  struct Broken: Error {}
}

protocol TestMethod: VarlinkMethod {}
extension TestMethod {
  static var interface: String { "io.invoiced.test" }
}

enum Echo: TestMethod {
  static let name = "Echo"
  static let isReadOnly = true

  struct Place: Codable, Sendable {
    var street: String?
    var number: Int?
  }

  struct Parameters: Codable, Sendable {
    var text: String
    var place: Place?
  }

  struct Reply: Codable, Sendable, Equatable {
    var text: String
  }
}

enum Add: TestMethod {
  static let name = "Add"
  typealias Reply = Empty

  struct Parameters: Codable, Sendable {
    var by: Int
  }
}

enum Count: TestMethod {
  static let name = "Count"
  static let needsMore = true

  struct Parameters: Codable, Sendable {
    var to: Int
  }

  struct Reply: Codable, Sendable, Equatable {
    var number: Int
  }
}

enum Flood: TestMethod {
  static let name = "Flood"
  static let needsMore = true
  typealias Reply = Echo.Reply

  struct Parameters: Codable, Sendable {
    var size: Int
  }
}

enum Wait: TestMethod {
  static let name = "Wait"
  static let needsMore = true
  typealias Parameters = Empty

  struct Reply: Codable, Sendable, Equatable {
    var told: String?
  }
}

enum WhoAmI: TestMethod {
  static let name = "WhoAmI"
  typealias Parameters = Empty

  struct Reply: Codable, Sendable, Equatable {
    var uid: UInt32
    var gid: UInt32
    var pid: Int32
  }
}

enum Refuse: TestMethod {
  static let name = "Refuse"
  static let isReadOnly = true
  typealias Parameters = Empty
  typealias Reply = Empty
}

enum Break: TestMethod {
  static let name = "Break"
  typealias Parameters = Empty
  typealias Reply = Empty
}

enum ContinueAnyway: TestMethod {
  static let name = "ContinueAnyway"
  typealias Parameters = Empty
  typealias Reply = Empty
}
