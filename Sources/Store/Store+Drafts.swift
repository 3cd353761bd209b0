import GRDB
import Model

/// What a sender's sweep asks about the deliveries whose keys it finds.
extension Store {
  /// Whether anything of this pipeline can have been prepared at all.
  package func hasDeliveries(pipeline: String) async throws(StoreError) -> Bool {
    try await read { db in
      try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM delivery WHERE pipeline = ?)", arguments: [pipeline])
        ?? false
    }
  }

  /// Who may still send what was prepared for a delivery, by the last commit.
  ///
  /// The answer stays true for whatever existed before it was asked for, as long as the pipeline's worker did not have the
  /// delivery in hand between. A token is committed by the run that made it and by no other; so nobody has in hand what
  /// is not committed, and what is prepared from now on is younger. And no delivery gets an old token back: `retry` and
  /// `resolve` remove it for good.
  ///
  /// A delivery that counts as sent because its draft was gone still owns that draft: should it be there after all, the
  /// conclusion was wrong, and the draft is what shows it.
  package func owner(ofDelivery id: Int64, pipeline: String) async throws(StoreError) -> DraftOwner {
    try await read { db in
      let row = try Row.fetchOne(
        db, sql: "SELECT state, token, receipt FROM delivery WHERE id = ? AND pipeline = ?", arguments: [id, pipeline])
      guard let row else { return .stranger }
      let state: DeliveryState = try row.state("state")
      let receipt = try (row["receipt"] as String?).map { try WireJSON.value(Receipt.self, $0) }
      let isInferred = [.sent, .recorded].contains(state) && receipt?.inferred == true
      guard state.isOpen || isInferred, let token = row["token"] as String? else { return .nobody }
      return .token(SendToken(token))
    }
  }
}
