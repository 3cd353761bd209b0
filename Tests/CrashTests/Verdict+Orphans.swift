import Model
import TestSupport

extension Verdict {
  /// Keys of the drafts beyond the one that each unknown delivery still has a use for.
  static func orphans(_ drafts: [RunningSandbox.FoundDraft], _ deliveries: [Delivery]) -> [String] {
    var wanted = Set(deliveries.filter { $0.state == .unknown }.map(\.id))
    return drafts.compactMap { draft in
      let key = draft.key.flatMap { DeliveryKey($0) }
      // The second one of a delivery is an orphan, whichever of the two its token names.
      if let key, wanted.remove(key.delivery) != nil { return nil }
      return draft.key ?? draft.id
    }
  }
}
