import Foundation

/// The header of a mail (RFC 5322, section 2.2): its fields in order, each as it was written.
struct HeaderBlock: Codable, Sendable {
  struct Field: Codable, Sendable {
    let name: String
    /// All lines of the field with their folding, each ended by CRLF.
    let text: String

    /// What follows the colon, unfolded.
    var value: String {
      let unfolded = text.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst().filter { $0 != 13 && $0 != 10 }
      return String(decoding: unfolded, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    }
  }

  private(set) var fields: [Field] = []

  /// The bytes before the body, the empty line included. Nil when they are no header: a line without a name
  /// and a colon, or a continuation of nothing.
  init?(_ bytes: ArraySlice<UInt8>) {
    for line in bytes.split(separator: 10, omittingEmptySubsequences: false) {
      let line = line.last == 13 ? line.dropLast() : line
      guard let first = line.first else { break }
      let text = String(decoding: line, as: UTF8.self) + "\r\n"
      if first == UInt8(ascii: " ") || first == UInt8(ascii: "\t") {
        guard let last = fields.popLast() else { return nil }
        fields.append(Field(name: last.name, text: last.text + text))
      } else {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex,
          line[..<colon].allSatisfy({ (33...126).contains($0) })
        else { return nil }
        fields.append(Field(name: String(decoding: line[..<colon], as: UTF8.self), text: text))
      }
    }
    if fields.isEmpty { return nil }
  }

  /// Where the body begins: after the first empty line. Nil while there is none.
  static func end(in bytes: [UInt8]) -> Int? {
    var lineStart = 0
    while let newline = bytes[lineStart...].firstIndex(of: 10) {
      let line = bytes[lineStart..<newline]
      if line.isEmpty || line.elementsEqual([13]) { return newline + 1 }
      lineStart = newline + 1
    }
    return nil
  }

  /// The first field of this name, in any case.
  subscript(name: String) -> String? { values(name).first }

  func values(_ name: String) -> [String] {
    fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
  }

  mutating func remove(_ name: String) {
    fields.removeAll { $0.name.lowercased() == name.lowercased() }
  }

  /// Puts one field in the place of all of this name, or at the end.
  mutating func set(_ name: String, _ value: String) {
    let position = fields.firstIndex { $0.name.lowercased() == name.lowercased() }
    remove(name)
    fields.insert(Field(name: name, text: "\(name): \(value)\r\n"), at: min(position ?? fields.count, fields.count))
  }

  /// For the wire, the empty line included.
  var text: String { fields.map(\.text).joined() + "\r\n" }
}
