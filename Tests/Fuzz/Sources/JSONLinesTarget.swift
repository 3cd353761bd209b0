import Control
import Foundation
import Model

@testable import Import

/// A manifest as JSON lines, by `JSONObjectReader` and `ManifestParser`.
enum JSONLinesTarget {
  @Sendable static func check(_ bytes: [UInt8]) {
    ManifestProperties.check(bytes, .jsonl)
    for line in bytes.split(separator: 10).prefix(8) { compare(Array(line)) }
  }

  /// With Foundation's reader, which is more lenient (a comma may end an object): what ours takes, that takes too, with
  /// the same texts.
  private static func compare(_ bytes: [UInt8]) {
    guard let members = try? JSONObjectReader.read(bytes), String(validating: bytes, as: UTF8.self) != nil,
      members.allSatisfy(isComparable)
    else { return }
    guard let others = try? JSONDecoder().decode([String: JSON].self, from: Data(bytes)) else {
      return property("what is an object to us is one to Foundation", false, String(decoding: bytes, as: UTF8.self))
    }
    for member in members where members.count(where: { $0.key == member.key }) == 1 {
      let other = property("a key is the same to Foundation", others[member.key], member.key)
      switch (member.value, other) {
      case (.text(let text), .string(let string)):
        property("a text is the same to Foundation", text.utf8.elementsEqual(string.utf8), text)
      case (.text(let text), .integer(let number)):
        property("a number is the same to Foundation", Double(text) == Double(number), text)
      case (.text(let text), .number(let number)):
        property("a number is the same to Foundation", Double(text) == number, text)
      case (.text(let text), .bool(let value)): property("a truth is the same to Foundation", text == "\(value)", text)
      case (.list(let list), .array(let array)):
        property("a list is the same to Foundation", list == array.map { $0.string ?? "" })
      case (.object, .object), (.null, .null): continue
      default: property("a value is of the same kind to Foundation", false, member.key)
      }
    }
  }

  /// What we pass over is looked at by its brackets alone, and a number too large for a double is one to us.
  private static func isComparable(_ member: JSONObjectReader.Member) -> Bool {
    switch member.value {
    case .other: false
    case .text(let text): Double(text)?.isFinite ?? true
    case .object(let members): members.allSatisfy(isComparable)
    case .null, .list: true
    }
  }
}
