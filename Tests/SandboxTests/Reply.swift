import Foundation

/// What `curl` brought back.
struct Reply {
  let exit: Int32
  let status: Int
  let httpVersion: String
  let text: String

  init(exit: Int32, output: String) {
    let end = output.lastIndex(of: "\n") ?? output.startIndex
    let words = output[end...].split(whereSeparator: \.isWhitespace)
    self.exit = exit
    status = words.first.flatMap { Int($0) } ?? 0
    httpVersion = words.last.map(String.init) ?? ""
    text = String(output[..<end])
  }

  func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try decode(type, Data(text.utf8))
  }

  /// `errors[0].reason` of Google's error JSON.
  var reason: String? { try? json(GoogleError.self).error.errors.first?.reason }
  var message: String { (try? json(GoogleError.self).error.message) ?? "" }
}

/// Names in JSON may have underscores.
func decode<Value: Decodable>(_ type: Value.Type, _ json: Data) throws -> Value {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return try decoder.decode(type, from: json)
}

/// The part of an error of Google's APIs that the tests look at.
struct GoogleError: Decodable {
  struct Body: Decodable {
    let message: String
    let errors: [Item]
  }
  struct Item: Decodable {
    let reason: String
  }
  let error: Body
}
