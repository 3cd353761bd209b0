import Foundation
import Model
import NIOCore
import NIOHTTP1

/// A request as it came, with its whole body.
struct Request: Sendable {
  var method: HTTPMethod
  /// Behind the prefix, each part percent-decoded, without empty ones.
  var path: [String]
  var query: [URLQueryItem]
  var headers: HTTPHeaders
  var body: ByteBuffer
  /// The TCP port that it came to; nil: a Unix socket, which a proxy on this machine uses.
  var port: Int?

  /// The only header of this name; nil: none, or several.
  func header(_ name: String) -> String? {
    let values = headers[name]
    return values.count == 1 ? values[0] : nil
  }

  /// Values of the query, in their order.
  func values(_ name: String) -> [String] { query.filter { $0.name == name }.compactMap(\.value) }

  /// The JSON body. Throws `Refusal` with the field that does not fit.
  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    guard header("content-type")?.lowercased().hasPrefix("application/json") == true else {
      throw Refusal(.unsupportedMediaType, "InvalidRequest", "the body is to be application/json")
    }
    do {
      return try WireJSON.decode(type, from: Data(buffer: body))
    } catch let error as DecodingError {
      throw Refusal(
        .badRequest, "InvalidRequest", "the body does not fit", ["field": .string(Self.field(of: error))])
    }
  }

  private static func field(of error: DecodingError) -> String {
    let (path, key): ([any CodingKey], (any CodingKey)?) =
      switch error {
      case .keyNotFound(let key, let context): (context.codingPath, key)
      case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
        (context.codingPath, nil)
      @unknown default: ([], nil)
      }
    return (path + [key].compactMap { $0 }).map(\.stringValue).joined(separator: ".")
  }
}
