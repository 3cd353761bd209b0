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

  /// Takes as long as two looks, `second_look` apart. A look that failed is no absence: it leads to `.unknown`. Under
  /// another account, and with a credential that Google refuses, nothing is looked at: `.blocked`.
  package func finding(of attempt: UnclearAttempt) async -> Finding {
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

  /// After Google refused a first attempt with `notFound`, which proves that it was not executed: a look at the draft, and
  /// a second one, `second_look` later, where it seems to be gone.
  package func outcome(afterNotFound words: String) async -> SendOutcome {
    switch await look() {
    case .same: .notSent(StageError(.serverError, words, .retry(after: nil)))
    case .edited: .ask(.draftEdited, token.draft)
    case .gone: await isGoneForCertain() ? .ask(.draftGone, words) : .missing(.serverError, words)
    case .failed: .missing(.serverError, words)
    }
  }

  /// An answer of `notFound` counts twice, some time apart, with the right account answering in between.
  private func isGoneForCertain() async -> Bool {
    guard await pause(), await account() == token.account else { return false }
    return await look() == .gone
  }

  private func blocked(by other: String, _ own: String) -> Finding {
    .blocked(.accountChanged, "\(own) ≠ \(other)", lookAgainAfter: configuration.lookAgain)
  }

  private func stillThere(_ attempt: UnclearAttempt) async -> Finding {
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

  private func consumed(_ attempt: UnclearAttempt, _ start: Duration) async -> Finding {
    if configuration.hasMetadataScope, let sent = await sentMessage() {
      return .sent(token.receipt(sent, at: client.time.now()))
    }
    let age = attempt.sinceSending + (client.time.uptime() - start)
    guard attempt.mayHaveSent, configuration.inferWithin > .zero, age <= configuration.inferWithin else {
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

  /// Nil: Google did not say.
  private func account() async -> String? { (try? await client.profile())?.emailAddress }

  /// False: the task was cancelled.
  private func pause() async -> Bool {
    (try? await client.time.sleep(configuration.secondLook)) != nil
  }
}
