import Foundation

@testable import Control

/// Foundation's way to read `JSON`, to compare ours with. It is slow where values are deep within each other.
extension JSON: Decodable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int64.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([String: JSON].self) {
      self = .object(value)
    } else {
      self = .array(try container.decode([JSON].self))
    }
  }

  /// Equal, but for a double that only one of them took for a whole number.
  func isSame(as other: JSON) -> Bool {
    switch (self, other) {
    case (.number(let double), .integer(let whole)), (.integer(let whole), .number(let double)):
      double == Double(whole)
    case (.integer(let whole), .integer(let other)): whole == other || Double(whole) == Double(other)
    case (.array(let values), .array(let others)):
      values.count == others.count && zip(values, others).allSatisfy { $0.isSame(as: $1) }
    case (.object(let members), .object(let others)):
      members.count == others.count
        && members.allSatisfy { name, value in others[name].map { value.isSame(as: $0) } ?? false }
    default: self == other
    }
  }
}
