/// The calls that the sandbox answers, by Google's names.
enum Call: String, Codable, Sendable, CaseIterable {
  case token
  case draftsCreate = "drafts.create"
  case draftsGet = "drafts.get"
  case draftsList = "drafts.list"
  case draftsSend = "drafts.send"
  case draftsDelete = "drafts.delete"
  case messagesSend = "messages.send"
  case profile
  case threadsGet = "threads.get"

  /// Price in quota units since May 2026 (https://developers.google.com/workspace/gmail/api/reference/quota).
  var units: Int {
    switch self {
    case .token: 0
    case .profile: 1
    case .draftsList: 5
    case .draftsCreate, .draftsDelete: 10
    case .draftsGet, .threadsGet: 20
    case .draftsSend, .messagesSend: 100
    }
  }

  /// One of these scopes is needed.
  var scopes: Set<String> {
    switch self {
    case .token: []
    case .draftsCreate, .draftsSend, .draftsDelete: [Scope.full, Scope.modify, Scope.compose]
    case .draftsGet, .draftsList: [Scope.full, Scope.modify, Scope.compose, Scope.readonly]
    case .messagesSend: [Scope.full, Scope.modify, Scope.compose, Scope.send]
    case .profile: [Scope.full, Scope.modify, Scope.compose, Scope.readonly, Scope.metadata]
    case .threadsGet: [Scope.full, Scope.modify, Scope.readonly, Scope.metadata]
    }
  }
}
