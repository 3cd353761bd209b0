import Files
import Foundation
import Gmail
import Mail
import Model
import Transfer

/// `send: {use: gmail}`: uploads a mail as a draft, and sends the draft.
package struct GmailSend: SendStage {
  let client: GmailClient
  private let files: FileRoots
  private let loop: TransferLoop
  let time: Time

  /// - Parameter loop: made with the configuration's `caFile` and `usesHTTP2`, and shut down by `close`.
  package init(_ configuration: GmailConfiguration, files: FileRoots, loop: TransferLoop, time: Time) {
    client = GmailClient(configuration, loop: loop, time: time)
    self.files = files
    self.loop = loop
    self.time = time
  }

  var configuration: GmailConfiguration { client.configuration }

  package var traits: SenderTraits {
    SenderTraits(
      delivers: true, concurrency: max(1, configuration.concurrency), messagesPerDay: configuration.messagesPerDay,
      dailyLookAgain: configuration.dailyLookAgain, settle: configuration.settle)
  }

  package var waits: AsyncStream<SenderWait?> { client.account.waits }
  package var clockError: Duration? { get async { await client.account.clockError } }

  package func close() async { await loop.shutdown() }

  /// Takes the quota units of one delivery, draft and send.
  package func admit() async throws(StageError) {
    try await client.account.admit()
  }

  package func prepare(_ message: Message, for delivery: DeliveryContext) async throws(StageError) -> SendToken {
    let key = delivery.key
    let size = message.attachments.reduce(0) { $0 + $1.file.sizeInBytes }
    guard size <= configuration.maximumSizeInBytes else {
      throw StageError(.messageTooLarge, "\(size) > \(configuration.maximumSizeInBytes)", .reject)
    }
    let address = try await client.address()
    let encoder = MailEncoder(
      from: configuration.from ?? Mailbox(address: address), replyTo: configuration.replyTo, date: time.now(),
      messageID: nil, headers: [(GmailClient.keyHeader, key.description)], keepsBcc: true)
    let (mail, sha256) = try await IOThread.run { [files] () throws(StageError) in
      let mail = try encoder.encode(message, files: files)
      return (mail, try mail.sha256())
    }
    let draft = try await client.createDraft(mail)
    return try DraftToken(
      apiRoot: configuration.apiRoot.description, account: address, draft: draft.id, message: draft.message.id,
      thread: draft.message.threadId, key: key.description, sha256: sha256
    ).token()
  }

  package func send(
    _ token: SendToken, _ message: MessageSource, for delivery: DeliveryContext, after earlier: EarlierAttempts
  ) async -> SendOutcome {
    do throws(StageError) {
      let draft = try await own(token)
      return await client.sendDraft(draft.draft).outcome(of: draft, after: earlier, now: time.now())
    } catch {
      // Nothing was called yet.
      return .notSent(error)
    }
  }

  package func reconcile(
    _ token: SendToken, _ message: MessageSource, _ attempt: UnknownAttempt
  ) async -> ReconcileResult {
    guard let draft = DraftToken(token) else {
      return .blocked(.accountChanged, Self.otherSender, lookAgainAfter: configuration.lookAgain)
    }
    return await DraftInspection(client, draft).result(of: attempt)
  }

  package func discard(_ token: SendToken) async -> DiscardOutcome {
    do throws(StageError) {
      return try await client.deleteDraft(own(token).draft) ? .removed : .absent
    } catch {
      return .failed(error.detail)
    }
  }

  /// Of a token that is not Gmail's: the pipeline sent in another way when it was made.
  private static let otherSender = "the draft was made by another sender"

  /// The token's draft, if it is one of the account that the credential is for.
  private func own(_ token: SendToken) async throws(StageError) -> DraftToken {
    guard let draft = DraftToken(token) else {
      throw StageError(.accountChanged, Self.otherSender, .hold(.sender))
    }
    let address = try await client.address()
    guard draft.apiRoot == configuration.apiRoot.description, draft.account == address else {
      throw StageError(.accountChanged, "\(draft.account) ≠ \(address)", .hold(.sender))
    }
    return draft
  }
}
