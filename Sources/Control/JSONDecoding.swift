import Foundation
import Model

extension JSON {
  /// The value as a type; members that the type has no field for are passed over. Throws `DecodingError`.
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try JSONDecoding(self).decode(type) }
}

/// Decodes a type out of JSON that has been read. Times are RFC 3339 and bytes base64, as `WireJSON` writes them.
///
/// Why not Foundation's decoder: it cannot refuse members that the type has no field for, does not say where a number is
/// that is too large, and wants text, so that a reply would be read twice. Throws `DecodingError` alone, with the names of
/// members in its coding path and no indices of arrays.
struct JSONDecoding: Decoder {
  /// The names on the way to a value, the last one first: a list of 500 rows has thousands of values, and a path of each
  /// is wanted only when it does not fit.
  private final class Path: Sendable {
    let key: any CodingKey
    let parent: Path?

    init(_ key: any CodingKey, in parent: Path?) {
      self.key = key
      self.parent = parent
    }

    var keys: [any CodingKey] { (parent?.keys ?? []) + [key] }
  }

  private let value: JSON
  private let path: Path?
  /// For what a stranger sent: members that the type has no field for are an error.
  private let refusesUnknown: Bool

  init(_ value: JSON, refusesUnknown: Bool = false) { self.init(value, nil, refusesUnknown) }

  private init(_ value: JSON, _ path: Path?, _ refusesUnknown: Bool) {
    self.value = value
    self.path = path
    self.refusesUnknown = refusesUnknown
  }

  var codingPath: [any CodingKey] { path?.keys ?? [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch([String: JSON].self) }
    let unknown = { members.lazy.filter { $0.value != .null && Key(stringValue: $0.key) == nil }.map(\.key).min() }
    if refusesUnknown, let unknown = unknown() {
      throw DecodingError.keyNotFound(
        UnknownKey(stringValue: unknown), .init(codingPath: codingPath, debugDescription: "there is no such member"))
    }
    return KeyedDecodingContainer(Members(object: self, members: members))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let values) = value else { throw mismatch([JSON].self) }
    return Elements(array: self, values: values)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  private func mismatch(_ type: any Any.Type) -> DecodingError {
    .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "another kind of value"))
  }

  private func inner(_ value: JSON, _ key: (any CodingKey)? = nil) -> JSONDecoding {
    JSONDecoding(value, key.map { Path($0, in: path) } ?? path, refusesUnknown)
  }

  private struct UnknownKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}

extension JSONDecoding: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value == .null }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let value) = value else { throw mismatch(type) }
    return value
  }

  func decode(_ type: String.Type) throws -> String {
    guard case .string(let value) = value, isTaken(value) else { throw mismatch(type) }
    return value
  }

  /// A stranger's text has no run of marks that would make it costly to compare (`hasTooManyMarks`).
  fileprivate func isTaken(_ text: String) -> Bool { !refusesUnknown || !text.hasTooManyMarks }

  func decode(_ type: Double.Type) throws -> Double {
    switch value {
    case .number(let value): return value
    case .integer(let value): return Double(value)
    default: throw mismatch(type)
    }
  }

  func decode(_ type: Float.Type) throws -> Float { Float(try decode(Double.self)) }
  func decode(_ type: Int.Type) throws -> Int { try integer() }
  func decode(_ type: Int8.Type) throws -> Int8 { try integer() }
  func decode(_ type: Int16.Type) throws -> Int16 { try integer() }
  func decode(_ type: Int32.Type) throws -> Int32 { try integer() }
  func decode(_ type: Int64.Type) throws -> Int64 { try integer() }
  func decode(_ type: UInt.Type) throws -> UInt { try integer() }
  func decode(_ type: UInt8.Type) throws -> UInt8 { try integer() }
  func decode(_ type: UInt16.Type) throws -> UInt16 { try integer() }
  func decode(_ type: UInt32.Type) throws -> UInt32 { try integer() }
  func decode(_ type: UInt64.Type) throws -> UInt64 { try integer() }

  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    if type == Date.self, let date = try written("a time of RFC 3339", WireJSON.date) as? T { return date }
    if type == Data.self, let data = try written("base64", { Data(base64Encoded: $0) }) as? T { return data }
    return try T(from: self)
  }

  private func integer<T: FixedWidthInteger>() throws -> T {
    guard case .integer(let whole) = value, let value = T(exactly: whole) else { throw mismatch(T.self) }
    return value
  }

  /// A value that stands as a text.
  private func written<T>(_ form: String, _ read: (String) -> T?) throws -> T {
    guard let value = read(try decode(String.self)) else {
      throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: "not \(form)"))
    }
    return value
  }
}

extension JSONDecoding {
  private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let object: JSONDecoding
    let members: [String: JSON]

    var codingPath: [any CodingKey] { object.codingPath }
    var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try member(key) == .null }

    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try decoder(key).decode(type) }

    // Most members are texts and whole numbers: they take no decoder of their own.

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
      if case .string(let text) = members[key.stringValue], object.isTaken(text) { return text }
      return try decoder(key).decode(type)
    }

    func decode(_ type: Int.Type, forKey key: Key) throws -> Int {
      if case .integer(let whole) = members[key.stringValue], let value = Int(exactly: whole) { return value }
      return try decoder(key).decode(type)
    }

    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 {
      if case .integer(let whole) = members[key.stringValue] { return whole }
      return try decoder(key).decode(type)
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
      switch members[key.stringValue] {
      case nil, .null: nil
      case .string(let text) where object.isTaken(text): text
      default: try decoder(key).decode(type)
      }
    }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
      try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { object }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: Key) throws -> JSONDecoding { object.inner(try member(key), key) }

    private func member(_ key: Key) throws -> JSON {
      guard let value = members[key.stringValue] else {
        throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "missing"))
      }
      return value
    }
  }

  private struct Elements: UnkeyedDecodingContainer {
    let array: JSONDecoding
    let values: [JSON]
    private(set) var currentIndex = 0

    init(array: JSONDecoding, values: [JSON]) {
      self.array = array
      self.values = values
    }

    var codingPath: [any CodingKey] { array.codingPath }
    var count: Int? { values.count }
    var isAtEnd: Bool { currentIndex == values.count }

    mutating func decodeNil() throws -> Bool {
      guard try peek().decodeNil() else { return false }
      currentIndex += 1
      return true
    }

    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().decode(type) }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
      try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }

    mutating func superDecoder() throws -> any Decoder { try next() }

    private mutating func next() throws -> JSONDecoding {
      defer { currentIndex += 1 }
      return try peek()
    }

    private func peek() throws -> JSONDecoding {
      guard !isAtEnd else {
        throw DecodingError.valueNotFound(JSON.self, .init(codingPath: codingPath, debugDescription: "no more values"))
      }
      return array.inner(values[currentIndex])
    }
  }
}
