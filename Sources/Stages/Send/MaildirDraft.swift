import Foundation
import Model

/// What a Maildir's token says: a file's name, and the Maildir that it was written into.
struct MaildirDraft: Codable, Sendable, Hashable {
  /// Path of the Maildir.
  let folder: String
  /// Name within its folders.
  let file: String

  init(folder: String, file: String) {
    self.folder = folder
    self.file = file
  }

  /// Nil when it is no token of a Maildir.
  init?(_ token: SendToken) {
    guard let draft = try? WireJSON.decode(Self.self, from: Data(token.text.utf8)), !draft.file.contains("/"),
      !draft.file.hasPrefix(".")
    else { return nil }
    self = draft
  }

  /// Throws a hold where the folder's path is too long for a token.
  func token() throws(StageError) -> SendToken {
    guard let json = try? WireJSON.encode(self), json.count <= SendToken.maximumSizeInBytes else {
      throw StageError(.senderFolder, "path too long: \(folder)", .hold(.sender))
    }
    return SendToken(String(decoding: json, as: UTF8.self))
  }
}

/// Names of the files in a Maildir: `seconds.MmicrosPprocessVkey.host`, as maildir(5) builds them. The delivery's key,
/// with `-` for its points, makes a name unique, and tells whose a file in tmp/ is.
enum MaildirName {
  static func make(for key: DeliveryKey, at now: Date) -> String {
    let microseconds = Int((now.timeIntervalSince1970 * 1_000_000).rounded(.down))
    let process = ProcessInfo.processInfo.processIdentifier
    let unique = key.description.replacing(".", with: "-")
    let name = "\(microseconds / 1_000_000).M\(microseconds % 1_000_000)P\(process)V\(unique).\(hostName)"
    return name.replacing("/", with: "\\057").replacing(":", with: "\\072")
  }

  /// The key in a name that `make` made; nil: another program's.
  static func key(in name: String) -> DeliveryKey? {
    let parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, Int(parts[0]) != nil,
      let match = parts[1].wholeMatch(of: /M[0-9]+P[0-9]+V(?<key>[0-9a-z]+-[0-9]+-[0-9]+)/)
    else { return nil }
    return DeliveryKey(String(match.output.key).replacing("-", with: "."))
  }

  private static let hostName: String = {
    var name = [CChar](repeating: 0, count: Int(HOST_NAME_MAX) + 1)
    guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()
}
