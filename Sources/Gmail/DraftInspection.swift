import Model

/// Finds out what became of an unknown attempt, by looking at its draft. Changes nothing.
package struct DraftInspection: Sendable {
  private enum Look { case same, edited, gone, failed }

  private let client: GmailClient
  private let token: DraftToken

  package init(_ client: GmailClient, _ token: DraftToken) {
    self.client = client
    self.token = token
  }

  private var configuration: GmailConfiguration { client.configuration }
  private var lookAgain: ReconcileResult { .unknown(lookAgainAfter: configuration.lookAgain) }

  /// Takes as long as two looks, `second_look` apart. A look that failed is no absence: it leads to `.unknown`. Under
  /// another account, and with a credential that Google refuses, nothing is looked at: `.blocked`.
  ///
  /// Also what follows Google's `notFound` to a first attempt, which proves that it was not executed. That proof is
  /// committed before this begins (`SendOutcome.missing`): were it kept in memory during the looks, a daemon killed
  /// between them would leave an attempt that may have sent the draft, for all that the store knows.
  package func result(of attempt: UnknownAttempt) async -> ReconcileResult {
    let start = client.time.uptime()
    guard token.apiRoot == configuration.apiRoot.description else {
      return blocked(by: configuration.apiRoot.description, token.apiRoot)
    }
    let present: String
    do throws(StageError) { present = try await client.profile().emailAddress } catch {
      guard case .hold = error.meaning else { return lookAgain }
      return .blocked(error.code, error.detail, lookAgainAfter: configuration.lookAgain)
    }
    guard present == token.account else { return blocked(by: present, token.account) }
    switch await look() {
    case .failed: return lookAgain
    case .edited: return .ask(.draftEdited, token.draft)
    case .same: return await stillThere(attempt)
    case .gone:
      return await isGoneForCertain() ? await consumed(attempt, start) : lookAgain
    }
  }

  /// An answer of `notFound` counts twice, some time apart, with the right account answering in between. And the account's
  /// list of drafts must not have it either: what the two disagree about is not known. Its first page will do, which has
  /// the newest ones: a draft waits there for the length of its send.
  private func isGoneForCertain() async -> Bool {
    guard await pause(), await account() == token.account, await look() == .gone,
      let newest = try? await client.drafts(page: nil)
    else { return false }
    return !(newest.drafts ?? []).contains { $0.id == token.draft }
  }

  private func blocked(by other: String, _ own: String) -> ReconcileResult {
    .blocked(.accountChanged, "\(own) ≠ \(other)", lookAgainAfter: configuration.lookAgain)
  }

  private func stillThere(_ attempt: UnknownAttempt) async -> ReconcileResult {
    let unsettled = configuration.settle - attempt.sinceEnd
    // What was refused with proof has nothing to settle.
    guard unsettled <= .zero || !attempt.mayHaveSent else {
      return .unknown(lookAgainAfter: min(unsettled, configuration.lookAgain))
    }
    guard attempt.resends == 0 else { return .ask(.draftStays, token.draft) }
    guard await pause() else { return lookAgain }
    switch await look() {
    case .same: return .notSent
    case .edited: return .ask(.draftEdited, token.draft)
    case .gone, .failed: return lookAgain
    }
  }

  /// What a draft that is gone for certain says.
  ///
  /// With the scope gmail.metadata nothing is ever inferred: the conversation is read, and it is evidence in either
  /// direction. Without it, "sent" is inferred where that is by far the likeliest: an attempt may have sent it, and it
  /// began so short a time ago that nobody will have deleted the draft since. Of a time that cannot be told (`Moment`)
  /// that is not known, and of an attempt that was refused with proof it is wrong: a person decides.
  private func consumed(_ attempt: UnknownAttempt, _ start: Duration) async -> ReconcileResult {
    if configuration.hasMetadataScope { return await proof() }
    guard attempt.mayHaveSent, configuration.inferWithin > .zero, let since = attempt.sinceSending, since >= .zero,
      since + (client.time.uptime() - start) <= configuration.inferWithin
    else { return .ask(.draftGone, token.draft) }
    return .sent(token.receipt(nil, at: client.time.now(), inferred: true))
  }

  /// What the draft's conversation shows. One that was read and holds no such message, or is not there, speaks against a
  /// send; one that could not be read says nothing.
  private func proof() async -> ReconcileResult {
    guard let id = token.thread else { return .ask(.draftGone, token.draft) }
    do throws(StageError) {
      guard let thread = try await client.thread(id), let sent = sentMessage(in: thread) else {
        return .ask(.draftGone, token.draft)
      }
      return .sent(token.receipt(sent, at: client.time.now()))
    } catch {
      guard error.code == .permissionMissing else { return lookAgain }
      return .blocked(error.code, error.detail, lookAgainAfter: configuration.lookAgain)
    }
  }

  /// The message that was sent and bears our key; a server that gives no headers at all is believed for the label.
  private func sentMessage(in thread: MailThread) -> MessageID? {
    let sent = thread.messages?.first { message in
      guard message.labelIds?.contains("SENT") ?? false, message.id != token.message else { return false }
      guard let headers = message.payload?.headers else { return true }
      return headers.contains { $0.name.lowercased() == GmailClient.keyHeader.lowercased() && $0.value == token.key }
    }
    return sent.map { MessageID(id: $0.id, threadId: thread.id) }
  }

  private func look() async -> Look {
    do throws(StageError) {
      guard let draft = try await client.draft(token.draft) else { return .gone }
      return draft.message.id == token.message ? .same : .edited
    } catch {
      return .failed
    }
  }

  /// Nil: Google did not say.
  private func account() async -> String? { (try? await client.profile())?.emailAddress }

  /// False: the task was cancelled.
  private func pause() async -> Bool {
    (try? await client.time.sleep(configuration.secondLook)) != nil
  }
}
