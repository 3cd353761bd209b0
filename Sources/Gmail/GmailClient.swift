import Foundation
import Mail
import Model
import Transfer

/// The calls of the Gmail API that a sender needs, for the account of one credential.
///
/// Each call but `createDraft` and `sendDraft` waits for its quota units; those two are paid for by `account.admit`.
package struct GmailClient: Sendable {
  /// Of the mail that a draft is made of; drafts and sent messages keep it.
  package static let keyHeader = "X-Invoiced-Key"

  package let configuration: GmailConfiguration
  package let account: Account
  package let tokens: TokenSource
  let loop: TransferLoop
  let time: Time

  /// - Parameter loop: made with the configuration's `caFile` and `usesHTTP2`; shut down by its owner.
  package init(_ configuration: GmailConfiguration, loop: TransferLoop, time: Time) {
    self.configuration = configuration
    self.loop = loop
    self.time = time
    account = Account(configuration, time)
    tokens = TokenSource(configuration, loop, time)
  }

  /// Uploads a mail as a draft, from its files. An unknown end may be repeated: it leaves an orphan, and sends nothing
  /// (`StageError.mayHaveLeft`).
  ///
  /// Where somebody else answers, it may be for this one mail (a filter that reads attachments) or for all: another call
  /// tells. Else one mail would keep all others back, or all would fail one after the other.
  package func createDraft(_ mail: MailBody) async throws(StageError) -> Draft {
    var request = self.request(.post, "/upload/gmail/v1/users/me/drafts?uploadType=media", body: .mail(mail))
    request.headers.append(("Content-Type", "message/rfc822"))
    request.deadline = .stall(configuration.stallTimeout)
    // A repeat of libcurl's own would leave an orphan that nobody hears of.
    request.neverRepeat = true
    let reply = await perform(.createDraft, request)
    do throws(StageError) {
      if reply.isForeign {
        _ = try await profile()
        throw StageError(.serverError, "the draft's upload was not answered by Google", .retry(after: nil))
      }
      return try Self.resource(Draft.self, from: reply.success())
    } catch {
      var error = error
      error.mayHaveLeft = reply.mayHaveBeenDone
      throw error
    }
  }

  /// The irreversible call. Hears no cancellation, and libcurl cannot repeat it.
  package func sendDraft(_ id: String) async -> GmailReply {
    do throws(StageError) {
      try await account.check()
    } catch {
      return GmailReply(.notTried(error))
    }
    var request = self.request(.post, "/gmail/v1/users/me/drafts/send", body: .bytes(Self.json(["id": id])))
    request.headers.append(("Content-Type", "application/json"))
    request.deadline = .total(configuration.sendTimeout)
    request.neverRepeat = true
    request.hearsCancellation = false
    return await perform(.sendDraft, request)
  }

  /// Nil: Google says that there is no such draft.
  package func draft(_ id: String) async throws(StageError) -> Draft? {
    try await account.take(.getDraft)
    let reply = await perform(.getDraft, request(.get, "/gmail/v1/users/me/drafts/\(Self.escape(id))?format=minimal"))
    if case .refused(let error) = reply.answer, error.kind == .notFound { return nil }
    let draft = try await resource(Draft.self, from: reply)
    guard draft.id == id else { throw Self.otherThing }
    return draft
  }

  /// The key in a draft's header; nil: it has none, or there is no such draft.
  package func key(ofDraft id: String) async throws(StageError) -> String? {
    try await account.take(.getDraft)
    let reply = await perform(.getDraft, request(.get, "/gmail/v1/users/me/drafts/\(Self.escape(id))?format=metadata"))
    if case .refused(let error) = reply.answer, error.kind == .notFound { return nil }
    let draft = try await resource(DraftHeader.self, from: reply)
    guard draft.id == id else { throw Self.otherThing }
    return draft.message.payload?.headers?.first { $0.name.lowercased() == Self.keyHeader.lowercased() }?.value
  }

  /// - Parameter page: `nextPageToken` of the page before; nil for the first. A page has at most 500 drafts.
  package func drafts(page: String?) async throws(StageError) -> DraftPage {
    try await account.take(.listDrafts)
    let query = "?maxResults=500" + (page.map { "&pageToken=\(Self.escape($0))" } ?? "")
    let reply = await perform(.listDrafts, request(.get, "/gmail/v1/users/me/drafts\(query)"))
    return try await resource(DraftPage.self, from: reply)
  }

  /// False: it was gone already. True is Google's own word that it was deleted, 204 or an empty object: what is taken for
  /// deleted and is not could still be sent by hand, beside the mail that replaces it.
  package func deleteDraft(_ id: String) async throws(StageError) -> Bool {
    try await account.take(.deleteDraft)
    let reply = await perform(.deleteDraft, request(.delete, "/gmail/v1/users/me/drafts/\(Self.escape(id))"))
    if case .refused(let error) = reply.answer, error.kind == .notFound { return false }
    if reply.isForeign { throw await foreign(reply) }
    let response = try reply.success()
    let words = String(decoding: response.body, as: UTF8.self).filter { !$0.isWhitespace }
    guard response.status == 204 || words == "{}" else { throw Self.unreadable(response) }
    return true
  }

  /// Also what `address` needs the first time.
  package func profile() async throws(StageError) -> Profile {
    try await account.take(.getProfile)
    return try await resource(
      Profile.self, from: await perform(.getProfile, request(.get, "/gmail/v1/users/me/profile")))
  }

  /// Labels, date and key of each message of a conversation; nil: Google says that there is none. Needs the scope
  /// gmail.metadata.
  package func thread(_ id: String) async throws(StageError) -> MailThread? {
    try await account.take(.getThread)
    let query = "?format=metadata&metadataHeaders=\(Self.keyHeader)&metadataHeaders=Date"
    let reply = await perform(.getThread, request(.get, "/gmail/v1/users/me/threads/\(Self.escape(id))\(query)"))
    if case .refused(let error) = reply.answer, error.kind == .notFound { return nil }
    let thread = try await resource(MailThread.self, from: reply)
    guard thread.id == id else { throw Self.otherThing }
    return thread
  }

  private static let otherThing = StageError(
    .serverError, "an answer about something else than was asked for", .retry(after: nil))

  /// The account's own address; asked for once per credential.
  package func address() async throws(StageError) -> String {
    let credential = try await token().credential
    if let known = await account.knownAddress(of: credential) { return known }
    let address = try await profile().emailAddress
    await account.know(address, of: credential)
    return address
  }
}
