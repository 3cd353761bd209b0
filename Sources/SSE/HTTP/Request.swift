import Control
import Foundation
import Model
import NIOCore
import NIOHTTP1

/// What a request line asks for (RFC 9112, 3.2.1: the origin form alone).
struct RequestTarget: Sendable, Hashable {
  /// Each part percent-decoded. A slash at the end makes no difference.
  var path: [String]
  var query: [URLQueryItem]

  /// Nil for anything that could be read in two ways: `//host/path`, which a browser takes for another host's address,
  /// an empty part elsewhere, a fragment, bytes that are no UTF-8.
  init?(_ text: String) {
    guard text.hasPrefix("/"), !text.hasPrefix("//"),
      let components = URLComponents(string: text, encodingInvalidCharacters: false), components.fragment == nil
    else { return nil }
    var parts = components.percentEncodedPath.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    if parts.last?.isEmpty == true { parts.removeLast() }
    path = parts.compactMap { $0.isEmpty ? nil : $0.removingPercentEncoding }
    guard path.count == parts.count else { return nil }
    query = components.queryItems ?? []
  }
}

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

  /// Throws `HTTPError` with the first name in the query that is none of these, or that stands there twice: `state` alone
  /// may, as it is a list.
  func checkQuery(_ names: Set<String>) throws {
    var seen: Set<String> = []
    for item in query {
      let isNew = seen.insert(item.name).inserted
      guard names.contains(item.name), isNew || item.name == "state" else { throw HTTPError.invalid(item.name) }
    }
  }

  /// The JSON body, as strictly as the control socket reads its parameters. Throws `HTTPError` with the member that is
  /// missing, unknown or of another type.
  func decode<T: Codable>(_ type: T.Type) throws -> T {
    let mediaType = header("content-type")?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
    guard mediaType == "application/json" else {
      throw HTTPError(.unsupportedMediaType, "InvalidRequest", "the body is to be application/json")
    }
    guard case .object(let members)? = try? WireJSON.decode(JSON.self, from: Data(buffer: body)) else {
      throw HTTPError(.badRequest, "InvalidRequest", "the body is to be a JSON object")
    }
    do {
      return try StrictParameters.decode(type, from: members)
    } catch let error as VarlinkError {
      throw HTTPError(error)
    }
  }
}
