import Model

/// Decodes a type out of JSON that has been read, and refuses members that the type has no field for.
///
/// Why not Foundation's decoder: it passes over unknown members, does not say where a number is that is too large, and
/// wants text. Throws `DecodingError` alone, with the names of members in its coding path and no indices of arrays.
/// Has no form for dates: none is a parameter.
struct ParametersDecoder: Decoder {
  let value: JSON
  let codingPath: [any CodingKey]

  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let members) = value else { throw mismatch([String: JSON].self) }
    return KeyedDecodingContainer(try Members(members, codingPath))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .array(let values) = value else { throw mismatch([JSON].self) }
    return Elements(values: values, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { self }

  private func mismatch(_ type: any Any.Type) -> DecodingError {
    .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "another kind of value"))
  }
}

extension ParametersDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { value == .null }

  func decode(_ type: Bool.Type) throws -> Bool {
    guard case .bool(let value) = value else { throw mismatch(type) }
    return value
  }

  /// Without a run of marks that would make it costly to compare (`hasTooManyMarks`).
  func decode(_ type: String.Type) throws -> String {
    guard case .string(let value) = value, !value.hasTooManyMarks else { throw mismatch(type) }
    return value
  }

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
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: self) }

  private func integer<T: FixedWidthInteger>() throws -> T {
    guard case .integer(let whole) = value, let value = T(exactly: whole) else { throw mismatch(T.self) }
    return value
  }
}

extension ParametersDecoder {
  /// The members of an object, which are all known to `Key`.
  private struct Members<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let members: [String: JSON]
    let codingPath: [any CodingKey]

    init(_ members: [String: JSON], _ codingPath: [any CodingKey]) throws {
      let unknown = members.lazy.filter { $0.value != .null && Key(stringValue: $0.key) == nil }.map(\.key).min()
      if let unknown {
        throw DecodingError.keyNotFound(
          UnknownKey(stringValue: unknown), .init(codingPath: codingPath, debugDescription: "there is no such member"))
      }
      self.members = members
      self.codingPath = codingPath
    }

    var allKeys: [Key] { members.keys.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { members[key.stringValue] != nil }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).decodeNil() }

    // One for each type that the protocol names, and for all others.
    func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T { try T(from: try decoder(key)) }

    func nestedContainer<Nested: CodingKey>(
      keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
      try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
      try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { ParametersDecoder(value: .object(members), codingPath: codingPath) }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: Key) throws -> ParametersDecoder {
      guard let value = members[key.stringValue] else {
        throw DecodingError.keyNotFound(key, .init(codingPath: codingPath, debugDescription: "missing"))
      }
      return ParametersDecoder(value: value, codingPath: codingPath + [key])
    }
  }

  private struct UnknownKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// The elements of an array.
  private struct Elements: UnkeyedDecodingContainer {
    let values: [JSON]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    var count: Int? { values.count }
    var isAtEnd: Bool { currentIndex == values.count }

    mutating func decodeNil() throws -> Bool {
      guard try peek().decodeNil() else { return false }
      currentIndex += 1
      return true
    }

    // One for each type that the protocol names, and for all others.
    mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try T(from: next()) }

    mutating func nestedContainer<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
      try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }

    mutating func superDecoder() throws -> any Decoder { try next() }

    private mutating func next() throws -> ParametersDecoder {
      defer { currentIndex += 1 }
      return try peek()
    }

    private func peek() throws -> ParametersDecoder {
      guard !isAtEnd else {
        throw DecodingError.valueNotFound(JSON.self, .init(codingPath: codingPath, debugDescription: "no more values"))
      }
      return ParametersDecoder(value: values[currentIndex], codingPath: codingPath)
    }
  }
}
