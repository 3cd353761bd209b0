import Foundation

/// A complete answer.
package struct TransferResponse: Sendable {
  package enum HTTPVersion: String, Sendable { case http1 = "HTTP/1", http2 = "HTTP/2" }

  /// A longer body is an error: every answer that is expected here is a few kilobytes of JSON.
  package static let maximumBodySizeInBytes = 1 << 20
  /// All header lines together; Google's take about 1 KiB.
  package static let maximumHeaderSizeInBytes = 64 << 10

  /// 200...599.
  package var status: Int
  /// In the order of the answer.
  package var headers: [(name: String, value: String)]
  package var body: Data
  package var version: HTTPVersion

  package init(
    status: Int, headers: [(name: String, value: String)], body: Data, version: HTTPVersion = .http2
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.version = version
  }

  /// The first value of that name; names are compared without regard to case (RFC 9110, section 5.1).
  package func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// When the other side wrote the answer, by its own clock, in whole seconds (RFC 9110, section 6.6.1).
  package var date: Date? { header("Date").flatMap(HTTPDate.date) }
}
