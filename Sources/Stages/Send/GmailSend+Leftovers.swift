import Gmail
import Model

extension GmailSend {
  /// Most drafts that are looked through, the newest first: what a crash leaves is among the newest, and each look costs
  /// 20 units. A mailbox of so many keeps a sweep busy for more than half an hour.
  private static let mostDrafts = 5_000

  /// The account's drafts with a key of this store. The list is complete before the first of them is looked at: a draft
  /// that is made later is none of this sweep's.
  package func leftovers(store: String) -> AsyncThrowingStream<Leftover, any Error> {
    .yielding { stream in
      let account = try await client.address()
      for draft in try await listed() {
        try await client.account.waitForQuiet()
        guard let text = try await client.key(ofDraft: draft), let key = DeliveryKey(text), key.store == store else {
          continue
        }
        let token = DraftToken(
          apiRoot: configuration.apiRoot.description, account: account, draft: draft, message: "", thread: nil,
          key: text, sha256: "")
        stream.yield(Leftover(key: key, token: try token.token()))
      }
    }
  }

  package func isSamePreparation(_ a: SendToken, _ b: SendToken) -> Bool {
    // A token that cannot be read might name any draft.
    guard let a = DraftToken(a), let b = DraftToken(b) else { return true }
    return a.draft == b.draft
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
}
