/// What holds for every request of a loop.
package struct TransferOptions: Sendable, Hashable {
  /// PEM file of the certificates to trust *instead of* the system's; nil: the system's.
  package var caFile: String?
  /// Offer HTTP/2 (ALPN); HTTP/1.1 is spoken where the server does not take it, and always when false.
  package var usesHTTP2 = true
  /// Requests until the connections are given up for new ones, between requests.
  ///
  /// Over HTTP/2 libcurl 7.88 resets a stream whose answer it has before the stream's end, and servers that guard against
  /// rapid resets (CVE-2023-44487) answer GOAWAY, which makes a send unclear: nghttp2 after 1,000 resets, swift-nio-http2
  /// after 200 within 30 seconds. Half of that costs a handshake per 50 mails.
  package var requestsPerConnection = 100

  package init(caFile: String? = nil, usesHTTP2: Bool = true, requestsPerConnection: Int = 100) {
    self.caFile = caFile
    self.usesHTTP2 = usesHTTP2
    self.requestsPerConnection = requestsPerConnection
  }
}
