import Model

/// Turns the parameters of a call into their Swift type, and refuses what does not fit.
enum StrictParameters {
  /// Throws `VarlinkError.invalidParameter` with the name of the first parameter that is missing, of another type or
  /// unknown; members of objects are named like `filter.period`. A null is the same as an absent parameter.
  static func decode<T: Codable>(_ type: T.Type, from parameters: [String: JSON]) throws -> T {
    let value: T
    do {
      value = try WireJSON.decode(type, from: try WireJSON.encode(parameters))
    } catch let error as DecodingError {
      let name = Self.name(of: error)
      throw VarlinkError.invalidParameter(name.isEmpty ? Self.offender(type, in: parameters) : name)
    }
    // What was understood comes back when the value is encoded; what does not was unknown.
    let understood = try WireJSON.decode(JSON.self, from: try WireJSON.encode(value))
    if let unknown = Self.firstUnknown(.object(parameters), understood, path: []) {
      throw VarlinkError.invalidParameter(unknown)
    }
    return value
  }

  private static func name(of error: DecodingError) -> String {
    let path: [any CodingKey] =
      switch error {
      case .keyNotFound(let key, let context): context.codingPath + [key]
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
        context.codingPath
      @unknown default: []
      }
    return path.filter { $0.intValue == nil }.map(\.stringValue).joined(separator: ".")
  }

  /// Foundation does not say where a number is that is too large: it is in the parameter without which this does not
  /// happen.
  private static func offender<T: Codable>(_ type: T.Type, in parameters: [String: JSON]) -> String {
    let culprit = parameters.keys.sorted().first { name in
      var rest = parameters
      rest[name] = nil
      do {
        _ = try WireJSON.decode(type, from: WireJSON.encode(rest))
        return true
      } catch {
        return (error as? DecodingError).map { !Self.name(of: $0).isEmpty } ?? false
      }
    }
    return culprit ?? "parameters"
  }

  private static func firstUnknown(_ given: JSON, _ understood: JSON, path: [String]) -> String? {
    switch (given, understood) {
    case (.object(let given), .object(let understood)):
      for (name, value) in given.sorted(by: { $0.key < $1.key }) where value != .null {
        guard let known = understood[name] else { return (path + [name]).joined(separator: ".") }
        if let unknown = firstUnknown(value, known, path: path + [name]) { return unknown }
      }
      return nil
    case (.array(let given), .array(let understood)):
      for (value, known) in zip(given, understood) {
        if let unknown = firstUnknown(value, known, path: path) { return unknown }
      }
      return nil
    default:
      return nil
    }
  }
}
