/// Which call a method and a path mean.
struct Route: Sendable {
  let call: Call
  /// `me` or an address; empty for `/token`.
  let user: String
  /// The id of the draft or thread.
  let resource: String
  /// Whether it stands below `/upload`, with the bare mail as its body.
  let isUpload: Bool

  init?(_ request: Request) {
    var path = request.path.split(separator: "/").map(String.init)
    isUpload = path.first == "upload"
    if isUpload { path.removeFirst() }
    if path == ["token"], request.method == .POST, !isUpload {
      (call, user, resource) = (.token, "", "")
      return
    }
    guard path.count >= 5, path[0] == "gmail", path[1] == "v1", path[2] == "users" else { return nil }
    user = path[3]
    resource = path.count == 6 ? path[5] : ""
    switch (request.method, path[4], path.count) {
    case (.POST, "drafts", 5): call = .draftsCreate
    case (.GET, "drafts", 5) where !isUpload: call = .draftsList
    case (.POST, "drafts", 6) where resource == "send" && !isUpload: call = .draftsSend
    case (.GET, "drafts", 6) where !isUpload: call = .draftsGet
    case (.DELETE, "drafts", 6) where !isUpload: call = .draftsDelete
    case (.POST, "messages", 6) where resource == "send": call = .messagesSend
    case (.GET, "profile", 5) where !isUpload: call = .profile
    case (.GET, "threads", 6) where !isUpload: call = .threadsGet
    default: return nil
    }
  }
}
