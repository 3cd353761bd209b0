/// The calls of the Gmail API that are used, with their prices in quota units
/// (https://developers.google.com/workspace/gmail/api/reference/quota, since May 2026).
package enum GmailCall: String, Sendable, CaseIterable {
  case createDraft, sendDraft, getDraft, listDrafts, deleteDraft, getProfile, getThread

  package var units: Int {
    switch self {
    case .createDraft, .deleteDraft: 10
    case .sendDraft: 100
    case .getDraft: 20
    case .listDrafts: 5
    case .getProfile: 1
    case .getThread: 40
    }
  }

  /// What `Account.admit` takes: a draft, and sending it.
  package static let unitsPerDelivery = GmailCall.createDraft.units + GmailCall.sendDraft.units
}
