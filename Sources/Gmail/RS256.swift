import COpenSSL
import Foundation

/// Signatures with RSA and SHA-256 (RFC 7518, section 3.3), by OpenSSL's EVP functions.
enum RS256 {
  /// Nil when the key is no unencrypted RSA key in PEM, or OpenSSL fails.
  static func sign(_ message: Data, privateKey pem: String) -> Data? {
    let pem = Array(pem.utf8)
    // OpenSSL's handles; each is freed where it was made. The memory BIO reads the array and copies nothing of it, so it
    // lives within the closure.
    return pem.withUnsafeBytes { bytes in
      guard let bio = BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
      defer { BIO_free(bio) }
      return sign(message, keyIn: bio)
    }
  }

  private static func sign(_ message: Data, keyIn bio: OpaquePointer) -> Data? {
    // The callback keeps OpenSSL from asking for a pass phrase on the terminal.
    guard let key = PEM_read_bio_PrivateKey(bio, nil, { _, _, _, _ in -1 }, nil) else { return nil }
    defer { EVP_PKEY_free(key) }
    guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA, let context = EVP_MD_CTX_new() else { return nil }
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1 else { return nil }
    let bytes = [UInt8](message)
    var size = 0
    guard EVP_DigestSign(context, nil, &size, bytes, bytes.count) == 1 else { return nil }
    var signature = [UInt8](repeating: 0, count: size)
    guard EVP_DigestSign(context, &signature, &size, bytes, bytes.count) == 1 else { return nil }
    return Data(signature.prefix(size))
  }
}
