import Model

/// Finds out what became of an unclear attempt, by looking at its draft. Changes nothing.
package struct DraftInspection: Sendable {
  private enum Look { case same, edited, gone, failed }

  private let client: GmailClient
  private let token: DraftToken

  package init(_ client: GmailClient, _ token: DraftToken) {
    self.client = client
    self.token = token
  }

  private var configuration: GmailConfiguration { client.configuration }
  private var lookAgain: Finding { .unknown(lookAgainAfter: configuration.lookAgain) }

  /// Takes as long as two looks, `second_look` apart. A look that failed is no absence: it leads to `.unknown`, and so
  /// does another account.
  package func finding(of attempt: UnclearAttempt) async -> Finding {
    let start = client.time.uptime()
    guard token.apiRoot == configuration.apiRoot.description, await isRightAccount() else { return lookAgain }
    switch await look() {
    case .failed: return lookAgain
    case .edited: return .ask(.draftEdited, token.draft)
    case .same: return await stillThere(attempt)
    case .gone:
      guard await pause(), await isRightAccount(), await look() == .gone else { return lookAgain }
      return await consumed(attempt, start)
    }
  }

  private func stillThere(_ attempt: UnclearAttempt) async -> Finding {
    let unsettled = configuration.settle - attempt.sinceEnd
    guard unsettled <= .zero else { return .unknown(lookAgainAfter: min(unsettled, configuration.lookAgain)) }
    guard attempt.resends == 0 else { return .ask(.draftStays, token.draft) }
    guard await pause() else { return lookAgain }
    switch await look() {
    case .same: return .notSent
    case .edited: return .ask(.draftEdited, token.draft)
    case .gone, .failed: return lookAgain
    }
  }

  private func consumed(_ attempt: UnclearAttempt, _ start: Duration) async -> Finding {
    if configuration.hasMetadataScope, let sent = await sentMessage() {
      return .sent(token.receipt(sent, at: client.time.now()))
    }
    let age = attempt.sinceSending + (client.time.uptime() - start)
    guard configuration.inferWithin > .zero, age <= configuration.inferWithin else {
      return .ask(.draftGone, token.draft)
    }
    return .sent(token.receipt(nil, at: client.time.now(), inferred: true))
  }

  /// The message in the draft's conversation that was sent and bears our key; a server that gives no headers at all is
  /// believed for the label.
  private func sentMessage() async -> MessageID? {
    guard let id = token.thread, let thread = try? await client.thread(id) else { return nil }
    let sent = thread.messages?.first { message in
      guard message.labelIds?.contains("SENT") ?? false, message.id != token.message else { return false }
      guard let headers = message.payload?.headers else { return true }
      return headers.contains { $0.name.lowercased() == GmailClient.keyHeader.lowercased() && $0.value == token.key }
    }
    return sent.map { MessageID(id: $0.id, threadId: id) }
  }

  private func look() async -> Look {
    do throws(StageError) {
      guard let draft = try await client.draft(token.draft) else { return .gone }
      return draft.message.id == token.message ? .same : .edited
    } catch {
      return .failed
    }
  }

  private func isRightAccount() async -> Bool {
    (try? await client.profile())?.emailAddress == token.account
  }

  /// False: the task was cancelled.
  private func pause() async -> Bool {
    (try? await client.time.sleep(configuration.secondLook)) != nil
  }
}
