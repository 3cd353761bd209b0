import Foundation
import Model
import NIOCore
import NIOFoundationCompat

/// A call as it stands in a frame.
struct VarlinkRequest: Sendable, Hashable {
  enum Flag: String, CaseIterable {
    case oneway, more, upgrade
  }

  /// Whoever sends such a frame does not speak the protocol: the connection is closed.
  struct Malformed: Error {}

  /// Fully qualified.
  var method: String
  /// An object; absent and null are the empty one.
  var parameters: [String: JSON]
  /// At most one.
  var flag: Flag?

  /// Unknown members are ignored, among them those of vendors, which are named like a reverse domain.
  init(_ frame: ByteBuffer) throws {
    guard case .object(let members)? = try? WireJSON.decode(JSON.self, from: Data(buffer: frame)),
      let method = members["method"]?.string, !method.hasTooManyMarks
    else { throw Malformed() }
    self.method = method
    switch members["parameters"] ?? .null {
    case .null: parameters = [:]
    case .object(let object): parameters = object
    default: throw Malformed()
    }
    for flag in Flag.allCases {
      switch members[flag.rawValue] {
      case nil, .bool(false): continue
      case .bool(true) where self.flag == nil: self.flag = flag
      default: throw Malformed()
      }
    }
  }

  /// The part before the last dot; nil for a name without one.
  var interface: String? {
    lastDot.map { String(method[..<$0]) }
  }

  /// The part behind the last dot.
  var shortName: String {
    lastDot.map { String(method[method.utf8.index(after: $0)...]) } ?? method
  }

  /// By bytes: where a character begins that others may belong to, such as a flag, costs time for all of them.
  private var lastDot: String.Index? { method.utf8.lastIndex(of: UInt8(ascii: ".")) }
}
