import COpenSSL

/// Verifies RS256 signatures (RFC 7518, section 3.3) by OpenSSL's EVP.
///
/// `@unchecked Sendable`: the EVP_PKEY behind the pointer is never changed after `init`, and OpenSSL lets several
/// threads read one at once.
final class RSAPublicKey: @unchecked Sendable {
  struct Unreadable: Error {}

  private let key: OpaquePointer

  /// From the pair in a PEM file; only its public half is used.
  init(ofPrivateKey pem: String) throws {
    // The memory BIO reads the bytes where they lie: they have to live as long as it does.
    let found = Array(pem.utf8).withUnsafeBytes { bytes in
      let input = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count))
      defer { BIO_free(input) }
      return PEM_read_bio_PrivateKey(input, nil, nil, nil)
    }
    guard let found else { throw Unreadable() }
    key = found
  }

  deinit {
    EVP_PKEY_free(key)
  }

  func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    let context = EVP_MD_CTX_new()
    defer { EVP_MD_CTX_free(context) }
    guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
    return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
  }
}
