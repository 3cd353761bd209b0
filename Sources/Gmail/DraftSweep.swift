import Model

/// Deletes drafts of one store that none of its deliveries needs. Deliveries go first: it takes spare units only.
package struct DraftSweep: Sendable {
  /// 5,000 drafts. Who has more of them waits for the next sweep with the rest.
  private static let mostPages = 10

  private let client: GmailClient

  package init(_ client: GmailClient) { self.client = client }

  /// - Returns: how many were deleted.
  package func run(
    store: String, need: @Sendable (_ delivery: Int64) async -> Need
  ) async throws(StageError) -> Int {
    var deleted = 0
    // The list comes first: a draft that a delivery makes from here on has an id that is not on it.
    for draft in try await list() {
      try await client.account.takeSpare(.getDraft)
      guard let key = try await client.key(ofDraft: draft), key.store == store else { continue }
      guard case .only(let token) = await need(key.delivery) else { continue }
      if let token, DraftToken(token)?.draft == draft { continue }
      if try await client.deleteDraft(draft) { deleted += 1 }
    }
    return deleted
  }

  private func list() async throws(StageError) -> [String] {
    var ids: [String] = []
    var page: String?
    for _ in 1...Self.mostPages {
      let reply = try await client.drafts(page: page)
      ids += (reply.drafts ?? []).map(\.id)
      page = reply.nextPageToken
      if page == nil { break }
    }
    return ids
  }
}
