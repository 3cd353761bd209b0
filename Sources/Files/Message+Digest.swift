import Foundation
import Model

extension Message {
  /// SHA-256 of all that it says, with the digests of its files: 64 lower-case hexadecimal digits.
  package func sha256() throws(StageError) -> String {
    guard let json = try? WireJSON.encode(self) else {
      throw StageError(.messageTooLarge, "the message cannot be encoded", .reject)
    }
    return SHA256Hasher.digest(of: [UInt8](json))
  }
}
