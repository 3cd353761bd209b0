/// Turns the parameters of a call into their Swift type, and refuses what does not fit.
package enum StrictParameters {
  /// Throws `VarlinkError.invalidParameter` with the name of a parameter that is unknown, missing or of another type;
  /// members of objects are named like `filter.period`. A null is the same as an absent parameter.
  ///
  /// Unknown members of an object are looked for before any of its values, and the first in the order of names is told.
  /// Takes time that grows with the size of the parameters alone.
  package static func decode<T: Decodable>(_ type: T.Type, from parameters: [String: JSON]) throws -> T {
    do {
      return try JSONDecoding(.object(parameters), refusesUnknown: true).decode(type)
    } catch let error as DecodingError {
      throw VarlinkError.invalidParameter(name(of: error))
    }
  }

  private static func name(of error: DecodingError) -> String {
    let path: [any CodingKey] =
      switch error {
      case .keyNotFound(let key, let context): context.codingPath + [key]
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
        context.codingPath
      @unknown default: []
      }
    return path.map(\.stringValue).joined(separator: ".")
  }
}
