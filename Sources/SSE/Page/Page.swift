import Files
import Foundation
import NIOCore

/// The page, and the policy that permits its own style and script and nothing else.
struct Page: Sendable {
  let body: ByteBuffer
  /// `Content-Security-Policy` (w3.org/TR/CSP3), by the hashes of the two elements.
  let policy: String

  init() {
    let text = String(decoding: PackageResources.page_html, as: UTF8.self)
    body = ByteBuffer(string: text)
    policy = [
      "default-src 'none'", "style-src \(Self.hash(of: "style", in: text))",
      "script-src \(Self.hash(of: "script", in: text))", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
      "frame-ancestors 'none'",
    ].joined(separator: "; ")
  }

  /// Of the content of the only element of this name.
  private static func hash(of element: String, in text: String) -> String {
    guard let start = text.firstRange(of: "<\(element)>")?.upperBound,
      let end = text[start...].firstRange(of: "</\(element)>")?.lowerBound
    else { return "'none'" }
    let digest = SHA256Hasher.digest(of: Array(text[start..<end].utf8))
    return "'sha256-\(Data(hexadecimal: digest).base64EncodedString())'"
  }
}

extension Data {
  fileprivate init(hexadecimal text: String) {
    let digits = text.compactMap(\.hexDigitValue)
    self.init(stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) })
  }
}
