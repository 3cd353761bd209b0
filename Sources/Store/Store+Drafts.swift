import GRDB
import Model

/// What of the sender's drafts is still needed.
extension Store {
  /// Whether a pipeline ever had something to prepare.
  package func hasDeliveries(pipeline: String) async throws(StoreError) -> Bool {
    try await read { db in
      try Bool.fetchOne(
        db, sql: "SELECT EXISTS (SELECT 1 FROM delivery WHERE pipeline = ?)", arguments: [pipeline]) ?? false
    }
  }

  /// Of an open delivery what its token names; of one that is over nothing. About one that is not known nobody can say.
  package func need(of delivery: Int64) async throws(StoreError) -> Need {
    try await read { db in
      let row = try Row.fetchOne(db, sql: "SELECT state, token FROM delivery WHERE id = ?", arguments: [delivery])
      guard let row else { return .all }
      let state: DeliveryState = try row.state("state")
      return .only(state.isOpen ? (row["token"] as String?).map(SendToken.init) : nil)
    }
  }
}
