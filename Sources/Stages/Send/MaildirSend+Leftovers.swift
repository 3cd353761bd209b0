import Files
import Model

extension MaildirSend {
  /// What is in tmp/ with a key of this store, all as of one look.
  package func leftovers(store: String) -> AsyncThrowingStream<Leftover, any Error> {
    .yielding { stream in
      let files = try await IOThread.run { [maildir] () throws(StageError) in
        do throws(SystemCallError) {
          return try maildir.drafts { MaildirName.key(in: $0)?.store == store }
        } catch {
          throw Self.folderTrouble(error)
        }
      }
      for file in files {
        guard let key = MaildirName.key(in: file) else { continue }
        let draft = MaildirDraft(folder: configuration.path, file: file)
        stream.yield(Leftover(key: key, token: try draft.token()))
      }
    }
  }

  package func isSamePreparation(_ a: SendToken, _ b: SendToken) -> Bool {
    // A token that cannot be read might name any file.
    guard let a = MaildirDraft(a), let b = MaildirDraft(b) else { return true }
    return a.file == b.file
  }
}
