import Foundation

extension JobsInterface {
  package enum Backup: VarlinkMethod {
    package static let name = "Backup"
    package static let needsMore = true
    package typealias Parameters = Empty

    /// Bytes of the copy in one reply: 256 KiB of base64, so that a reply costs little beside its bytes, and both sides
    /// hold little.
    package static let maximumDataSizeInBytes = 192 * 1024

    /// First the size, then the bytes in pieces, at last the size and the digest.
    package struct Reply: Codable, Sendable, Hashable {
      /// Base64 (RFC 4648) on the wire.
      package var data: Data?
      package var sizeInBytes: Int?
      /// 64 lower-case hexadecimal digits.
      package var sha256: String?

      package init(data: Data? = nil, sizeInBytes: Int? = nil, sha256: String? = nil) {
        self.data = data
        self.sizeInBytes = sizeInBytes
        self.sha256 = sha256
      }

      enum CodingKeys: String, CodingKey {
        case data, sha256
        case sizeInBytes = "size_in_bytes"
      }
    }
  }
}
