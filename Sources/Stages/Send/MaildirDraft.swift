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
