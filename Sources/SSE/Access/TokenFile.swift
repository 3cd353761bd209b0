import Files
import Foundation
import Model

/// Bearer tokens of scripts, from a file that only its owner may read: lines of NAME, `view` or `start`, and TOKEN.
struct TokenFile: Sendable {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  /// Characters that a secret has at least: 96 bits in base64.
  private static let minimumLength = 16
  /// Some thousand tokens.
  private static let maximumSizeInBytes = 1 << 20

  private var users: [String: User] = [:]

  init() {}

  /// Throws `Failure` with the file, the line and the cause.
  init(path: String) throws {
    let lines = try Self.secret(path).split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in lines.enumerated() {
      let fields = line.split(whereSeparator: \.isWhitespace).map(String.init)
      if fields.isEmpty || fields[0].hasPrefix("#") { continue }
      guard fields.count == 3, ["view", "start"].contains(fields[1]), fields[2].count >= Self.minimumLength else {
        throw Failure(
          description:
            "\(path):\(number + 1): not NAME, view or start, and a token of \(Self.minimumLength) characters or more")
      }
      guard let name = Person.givenName(fields[0]) else {
        throw Failure(description: "\(path):\(number + 1): NAME is longer than 64 bytes, or has invisible characters")
      }
      let user = User(name: name, mayStart: fields[1] == "start")
      guard users.updateValue(user, forKey: fields[2]) == nil else {
        throw Failure(description: "\(path):\(number + 1): this token is another line's, too")
      }
    }
  }

  /// By the whole set of tokens, each compared in constant time.
  func user(_ token: String) -> User? {
    users.reduce(nil) { found, entry in entry.key.isSameSecret(as: token) ? entry.value : found }
  }

  /// Content of a file that nobody else may read or write. What the service manager passes as a credential is so.
  static func secret(_ path: String) throws -> String {
    let file: SmallFile
    do {
      file = try SmallFile(reading: path, maximumSizeInBytes: maximumSizeInBytes)
    } catch {
      throw Failure(description: "\(error)")
    }
    let credentials = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"]
    let isCredential = credentials.map { path.hasPrefix($0 + "/") } ?? false
    guard isCredential || file.mode & 0o077 == 0 else {
      throw Failure(description: "\(path): others may read it; its mode is to be 0600")
    }
    guard let text = String(validating: file.bytes, as: UTF8.self) else {
      throw Failure(description: "\(path): is not UTF-8 text")
    }
    return text
  }

  /// The one secret that a file holds.
  static func single(_ path: String) throws -> String {
    let secret = try Self.secret(path).trimmingCharacters(in: .whitespacesAndNewlines)
    guard secret.count >= minimumLength else {
      throw Failure(description: "\(path): shorter than \(minimumLength) characters")
    }
    return secret
  }
}

extension String {
  /// Takes as long wherever the first difference is.
  func isSameSecret(as other: String) -> Bool {
    let (a, b) = (Array(utf8), Array(other.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
