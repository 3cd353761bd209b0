import Gmail
import Model

extension GmailSend {
  /// Most drafts that are looked through, the newest first: what a crash leaves is among the newest, and each look costs
  /// 20 units. A mailbox of so many keeps a sweep busy for more than half an hour.
  private static let mostDrafts = 5_000

  /// Looks through the account's drafts. The list is complete before the first of them is judged: a draft that is made
  /// later is none of this sweep's.
  package func sweep(
    store: String, _ owner: @Sendable (DeliveryKey) async -> DraftOwner
  ) async throws(StageError) {
    var left: [(draft: String, key: DeliveryKey)] = []
    for draft in try await listed() {
      try await client.account.waitForQuiet()
      guard let text = try await client.key(ofDraft: draft), let key = DeliveryKey(text), key.store == store else {
        continue
      }
      if try await !judge(draft, await owner(key)) { left.append((draft, key)) }
    }
    while !left.isEmpty {
      guard (try? await time.sleep(configuration.lookAgain)) != nil else { return }
      let again = left
      left = []
      for (draft, key) in again where try await !judge(draft, await owner(key)) { left.append((draft, key)) }
    }
  }

  private func listed() async throws(StageError) -> [String] {
    var drafts: [String] = []
    var page: String?
    repeat {
      try await client.account.waitForQuiet()
      let answer = try await client.drafts(page: page)
      drafts += (answer.drafts ?? []).map(\.id)
      page = answer.nextPageToken
    } while page != nil && drafts.count < Self.mostDrafts
    return Array(drafts.prefix(Self.mostDrafts))
  }

  /// False: it cannot be judged yet.
  private func judge(_ draft: String, _ owner: DraftOwner) async throws(StageError) -> Bool {
    switch owner {
    case .inFlight: return false
    case .stranger: return true
    case .token(let token):
      // A token that cannot be read might name any draft.
      guard let own = DraftToken(token), own.draft != draft else { return true }
    case .nobody: break
    }
    try await client.account.waitForQuiet()
    _ = try await client.deleteDraft(draft)
    return true
  }
}
