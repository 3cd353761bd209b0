import Files
import Foundation
import Model

extension MaildirSend {
  /// Looks through tmp/, which holds no more than what was left there.
  package func sweep(
    store: String, _ owner: @Sendable (DeliveryKey) async -> DraftOwner
  ) async throws(StageError) {
    var left = try await IOThread.run { [maildir] () throws(StageError) in
      do throws(SystemCallError) {
        return try maildir.drafts { MaildirName.key(in: $0)?.store == store }
      } catch {
        throw Self.folderTrouble(error)
      }
    }
    while true {
      var again: [String] = []
      for file in left {
        guard let key = MaildirName.key(in: file) else { continue }
        if try await !judge(file, await owner(key)) { again.append(file) }
      }
      left = again
      guard !left.isEmpty, (try? await time.sleep(Self.lookAgainAfter)) != nil else { return }
    }
  }

  /// False: it cannot be judged yet.
  private func judge(_ file: String, _ owner: DraftOwner) async throws(StageError) -> Bool {
    switch owner {
    case .inFlight: return false
    case .stranger: return true
    case .token(let token):
      // A token that cannot be read might name any file.
      guard let own = MaildirDraft(token), own.file != file else { return true }
    case .nobody: break
    }
    try await IOThread.run { [maildir] () throws(StageError) in
      do throws(SystemCallError) {
        try maildir.remove(file)
      } catch {
        guard error.number == ENOENT else { throw Self.folderTrouble(error) }
      }
    }
    return true
  }
}
