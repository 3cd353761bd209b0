import Foundation
import NIOHTTP1

/// One answer, whole.
struct Response: Sendable {
  var status: Int
  var contentType: String?
  var headers: [(String, String)] = []
  var body: Data

  static func json(_ value: some Encodable, status: Int = 200) -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // Encoding fails on NaN and on encoders that throw; no answer here holds either.
    let body = (try? encoder.encode(value)) ?? Data("{}".utf8)
    return Response(status: status, contentType: "application/json; charset=UTF-8", body: body)
  }

  /// The page that Google's front end answers when no service of theirs is reached.
  static func html(_ status: Int, _ sentence: String) -> Response {
    let page = """
      <!DOCTYPE html>
      <html lang=en><meta charset=utf-8><title>Error \(status)</title>
      <p><b>\(status).</b> <ins>That’s an error.</ins><p>\(sentence) <ins>That’s all we know.</ins>

      """
    return Response(status: status, contentType: "text/html; charset=UTF-8", body: Data(page.utf8))
  }

  /// What somebody between Gmail and its client answers.
  static let blockPage = Response(
    status: 200, contentType: "text/html",
    body: Data("<html><head><title>Access blocked</title></head><body>Blocked by your network.</body></html>\n".utf8))

  static let noContent = Response(status: 204, contentType: nil, body: Data())

  /// The head for the wire.
  ///
  /// - Parameter time: for the header Date.
  func head(version: HTTPVersion, at time: Date) -> HTTPResponseHead {
    var fields = HTTPHeaders(headers)
    fields.add(name: "date", value: ServerClock.text(of: time))
    if let contentType { fields.add(name: "content-type", value: contentType) }
    if status != 204 { fields.add(name: "content-length", value: String(body.count)) }
    fields.add(name: "server", value: "invoiced-sandbox")
    return HTTPResponseHead(version: version, status: .init(statusCode: status), headers: fields)
  }
}
