import Foundation

/// Gmail's calls on the one mailbox: lets them in, reads them, and says how to execute them.
struct API: Sendable {
  private struct SendDraft: Decodable {
    let id: String
  }

  private struct Raw: Decodable {
    let raw: String
  }

  /// A JSON body holds an id, or a mail of a few megabytes in base64url; larger ones are to be uploaded.
  private static let maximumJSONBytes = 16 << 20
  private static let largestPage = 500
  private static let usualPage = 100

  let account: String
  let folder: StateFolder
  let mailbox: Mailbox
  let tokens: Tokens
  let quota: Quota
  /// How long a send to `slow@…` takes.
  let slowness: Duration

  /// Throws unless the token is good for this call and the path names this mailbox.
  func authorize(_ request: Request, _ route: Route) throws(APIError) {
    guard let token = request.bearerToken, let scopes = tokens.scopes(of: token) else { throw .invalidCredentials }
    guard !scopes.isDisjoint(with: route.call.scopes) else { throw .insufficientScope }
    guard route.user == "me" || route.user == account else { throw .delegationDenied(route.user) }
  }

  /// Reads the rest of the request; throws `APIError` for what is refused before anything is done.
  func prepare(_ request: Request, _ route: Route, body: inout RequestStream) async throws -> PreparedCall {
    let mailbox = mailbox
    let id = route.resource
    switch route.call {
    case .draftsCreate:
      let upload = try await mail(request, route, body: &body)
      return PreparedCall(facts: CallFacts(upload), upload: upload) { () throws(APIError) in
        let draft = try await mailbox.create(upload)
        return .init(.json(Resource.Draft(id: draft.id, message: .init(draft))), CallFacts(draft))
      }
    case .messagesSend:
      let upload = try await mail(request, route, body: &body)
      return PreparedCall(facts: CallFacts(upload), upload: upload) { [self] () throws(APIError) in
        let sent = try await mailbox.send(upload)
        await beSlow(to: sent.recipients)
        return .init(.json(Resource.Message(sent)), CallFacts(sent))
      }
    case .draftsSend:
      let id = try await json(SendDraft.self, body: &body).id
      var call = PreparedCall(facts: await facts(ofDraft: id)) { [self] () throws(APIError) in
        let sent = try await mailbox.send(draft: id, by: .api)
        await beSlow(to: sent.recipients)
        return .init(.json(Resource.Message(sent)), CallFacts(sent))
      }
      call.race = { pause throws(APIError) in
        let sent = try await mailbox.sendUnguarded(draft: id, pause: pause)
        return .init(.json(Resource.Message(sent)), CallFacts(sent))
      }
      return call
    case .draftsGet:
      let withHeader = request.query["format"] != "minimal"
      let result: @Sendable (Draft) -> PreparedCall.Result = { draft in
        let message = Resource.Message(draft, withHeader: withHeader)
        return .init(.json(Resource.Draft(id: draft.id, message: message)), CallFacts(draft))
      }
      var call = PreparedCall(facts: await facts(ofDraft: id)) { () throws(APIError) in
        result(try await mailbox.draft(id))
      }
      call.stale = { await mailbox.lastKnown(id).map(result) }
      return call
    case .draftsDelete:
      return PreparedCall(facts: await facts(ofDraft: id)) { () throws(APIError) in
        .init(.noContent, CallFacts(try await mailbox.delete(id)))
      }
    case .draftsList:
      let size = min(request.query["maxResults"].flatMap(Int.init) ?? Self.usualPage, Self.largestPage)
      let page = request.query["pageToken"].flatMap(Int.init)
      return PreparedCall { () throws(APIError) in
        .init(.json(await mailbox.list(before: page, maximum: max(1, size))))
      }
    case .threadsGet:
      return PreparedCall { () throws(APIError) in .init(.json(try await mailbox.thread(id))) }
    case .profile:
      return PreparedCall { () throws(APIError) in .init(.json(await mailbox.profile)) }
    case .token:
      throw APIError.notFound
    }
  }

  private func mail(_ request: Request, _ route: Route, body: inout RequestStream) async throws -> Upload {
    if route.isUpload {
      guard request.query["uploadType"] == "media" else {
        throw APIError.badRequest("Upload type \(request.query["uploadType"] ?? "") is not supported.")
      }
      guard request.contentType == "message/rfc822" else {
        throw APIError.badRequest(
          "Media type '\(request.contentType)' is not supported. Valid media types: [message/rfc822]")
      }
      return try await Upload.receive(&body, into: folder.incoming)
    }
    guard route.call == .messagesSend else { throw APIError.badRequest("Upload the mail below /upload.") }
    let raw = try await json(Raw.self, body: &body).raw
    guard let mail = Data(base64URL: raw) else { throw APIError.badRequest("Invalid value for ByteString: raw") }
    return try Upload.receive(mail, into: folder.incoming)
  }

  private func json<Value: Decodable>(_ type: Value.Type, body: inout RequestStream) async throws -> Value {
    guard let bytes = try await body.collect(limit: Self.maximumJSONBytes) else { throw APIError.tooLarge }
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw APIError.badRequest("Invalid JSON payload received.")
    }
  }

  private func facts(ofDraft id: String) async -> CallFacts {
    let draft = try? await mailbox.draft(id)
    return draft.map(CallFacts.init) ?? CallFacts(draft: id)
  }

  private func beSlow(to recipients: [String]) async {
    if Persona.among(recipients).contains(.slow) { try? await Task.sleep(for: slowness) }
  }
}
