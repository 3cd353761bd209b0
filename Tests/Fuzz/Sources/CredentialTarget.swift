import CCurl
import Foundation
import Model

@testable import Gmail
@testable import Transfer

/// A credential file, by `CredentialFile`, and the address in it, by `TrustedURL`.
enum CredentialTarget {
  private static let path = "/etc/invoiced/gmail.json"

  @Sendable static func check(_ bytes: [UInt8]) {
    do throws(StageError) {
      check(try CredentialFile(path: path, allowsLoopback: true).credential(from: Data(bytes)))
    } catch {
      property("an error holds the sender", error.meaning == .hold(.sender))
      property("an error names the file", error.detail.hasPrefix(path), error.detail)
      property("an error is short", error.detail.utf8.count <= 1000, error.detail)
      // The type is shown, and may be anything.
      let shown = error.detail.contains(": type is ") ? "" : error.detail
      for secret in secrets(in: bytes) { property("no error shows a secret", !shown.contains(secret), shown) }
    }
    if let url = TrustedURL(String(decoding: bytes, as: UTF8.self), allowsLoopback: true) { check(url) }
  }

  /// Values of the secret fields that are no part of our own words.
  private static func secrets(in bytes: [UInt8]) -> [String] {
    let object = (try? JSONSerialization.jsonObject(with: Data(bytes))) as? [String: Any]
    return ["client_secret", "refresh_token", "private_key"].compactMap { object?[$0] as? String }
      .filter { $0.utf8.count >= 32 }
  }

  private static func check(_ credential: Credential) {
    var shown = "\(credential) \(String(reflecting: credential)) "
    dump(credential, to: &shown)
    let (secrets, plain): ([Secret], [String]) =
      switch credential {
      case .refreshToken(let clientID, let clientSecret, let refreshToken, _):
        ([clientSecret, refreshToken], [clientID])
      case .serviceAccount(let email, let keyID, let privateKey, _): ([privateKey], [email, keyID ?? ""])
      }
    // What is said openly too is no secret: its place is taken by something else.
    for text in (plain + [credential.tokenURI.description]).sorted(by: { $0.utf8.count > $1.utf8.count })
    where !text.isEmpty {
      shown = shown.replacing(text.debugDescription, with: "-").replacing(text, with: "-")
    }
    for secret in secrets where secret.value.utf8.count >= 32 {
      property("no description shows a secret", !shown.contains(secret.value), shown)
    }
    check(credential.tokenURI)
    guard case .serviceAccount(let email, let keyID, let privateKey, let uri) = credential else { return }
    let assertion = Assertion(
      issuer: email, subject: "a@x.be", scopes: ["s"], audience: uri.description, keyID: keyID)
    guard let signed = try? assertion.signed(with: privateKey, at: Date(timeIntervalSince1970: 1_800_000_000)) else {
      return
    }
    property("an assertion has three parts", signed.split(separator: ".").count == 3)
  }

  /// libcurl reads the address again, in its own way: both must mean the same host.
  private static func check(_ url: TrustedURL) {
    let text = url.description
    property("an address has no control character and no blank", !text.hasControl && !text.contains(" "), text)
    guard let handle = curl_url() else { return }
    defer { curl_url_cleanup(handle) }
    // What libcurl refuses goes nowhere.
    guard curl_url_set(handle, CURLUPART_URL, text, 0) == CURLUE_OK else { return }
    let parts = property("an address has parts", URLComponents(string: text))
    let host = part(handle, CURLUPART_HOST) ?? ""
    // A short or octal number is the same address to both, which libcurl writes out.
    let isSame = host.lowercased() == parts.host?.lowercased() || firstByte(of: host) != nil
    property("libcurl sees no other host", isSame || isSameIPv6(host, parts.host ?? ""), "\(text) \(host)")
    let isHere = ["localhost", "[::1]"].contains(host.lowercased()) || firstByte(of: host) == 127
    property("what is not encrypted stays here", url.isEncrypted || isHere, "\(text) \(host)")
    property(
      "libcurl sees no other scheme", part(handle, CURLUPART_SCHEME) == (url.isEncrypted ? "https" : "http"), text)
    property("libcurl sees no user", part(handle, CURLUPART_USER) == nil, text)
  }

  /// Of an IPv4 address; nil for any other host.
  private static func firstByte(of host: String) -> UInt8? {
    var address = in_addr()
    guard inet_pton(AF_INET, host, &address) == 1 else { return nil }
    return withUnsafeBytes(of: address) { $0.first }
  }

  /// `[::0]` is written `[::]` by libcurl.
  private static func isSameIPv6(_ a: String, _ b: String) -> Bool {
    let bytes = [a, b].map { text -> [UInt8]? in
      var address = in6_addr()
      guard inet_pton(AF_INET6, text.trimmingCharacters(in: ["[", "]"]), &address) == 1 else { return nil }
      return withUnsafeBytes(of: address) { Array($0) }
    }
    return bytes[0] != nil && bytes[0] == bytes[1]
  }

  private static func part(_ handle: OpaquePointer, _ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
