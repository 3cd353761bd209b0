import COpenSSL
import Foundation
import Model

/// SHA-256 (FIPS 180-4) over bytes that come in pieces.
package struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer

  package init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      // Out of memory, or an OpenSSL that lacks SHA-256: no invoice can be told from another.
      preconditionFailure("OpenSSL cannot compute SHA-256")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    let done = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(done == 1, "OpenSSL cannot compute SHA-256")
  }

  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { update($0) }
  }

  /// 64 lower-case hexadecimal digits.
  package consuming func finish() -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    let done = EVP_DigestFinal_ex(context, &digest, nil)
    precondition(done == 1, "OpenSSL cannot compute SHA-256")
    return Self.hexadecimal(digest)
  }

  /// The digest of bytes in memory: 64 lower-case hexadecimal digits.
  package static func digest(of bytes: [UInt8]) -> String {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    return hasher.finish()
  }

  private static func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension Message {
  /// SHA-256 of all that it says, with the digests of its files: 64 lower-case hexadecimal digits.
  package func sha256() throws(StageError) -> String {
    guard let json = try? WireJSON.encode(self) else {
      throw StageError(.messageTooLarge, "the message cannot be encoded", .reject)
    }
    return SHA256Hasher.digest(of: [UInt8](json))
  }
}
