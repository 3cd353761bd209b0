import Foundation
import NIOHTTP1

/// The head of one request.
struct Request: Sendable {
  let method: HTTPMethod
  /// Percent-decoded, without the query.
  let path: String
  let query: [String: String]
  let headers: HTTPHeaders
  /// `2` or `1.1`.
  let version: String
  /// Number of the TCP connection, from 1.
  let connection: Int

  init(_ head: HTTPRequestHead, version: String, connection: Int) {
    let parts = URLComponents(string: head.uri)
    method = head.method
    path = parts?.path ?? head.uri
    let items = (parts?.queryItems ?? []).map { ($0.name, $0.value ?? "") }
    query = Dictionary(items, uniquingKeysWith: { first, _ in first })
    headers = head.headers
    self.version = version
    self.connection = connection
  }

  /// The media type alone, in lower case.
  var contentType: String {
    let value = headers.first(name: "content-type") ?? ""
    return value.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
  }

  var bearerToken: String? {
    guard let value = headers.first(name: "authorization"), value.lowercased().hasPrefix("bearer ") else { return nil }
    return String(value.dropFirst("bearer ".count))
  }
}
