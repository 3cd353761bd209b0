import Files
import Foundation
import Mail
import Model

/// `send: {use: maildir}`: writes mails into a Maildir, for rehearsals, archives, or a program that sends them on.
///
/// `prepare` writes into tmp/, `send` renames into new/. Trouble with the folder holds the sender and fails nothing.
package struct MaildirSend: SendStage {
  /// When a folder that could not be looked at is looked at again.
  static let lookAgainAfter = Duration.seconds(10)

  let configuration: MaildirConfiguration
  let maildir: Maildir
  private let files: FileRoots
  let time: Time

  package init(_ configuration: MaildirConfiguration, files: FileRoots, time: Time) {
    self.configuration = configuration
    maildir = Maildir(path: configuration.path)
    self.files = files
    self.time = time
  }

  package var traits: SenderTraits {
    SenderTraits(delivers: configuration.delivers, concurrency: configuration.concurrency, messagesPerDay: nil)
  }

  /// A folder has no limits.
  package func admit() async throws(StageError) {}

  package func prepare(_ message: Message, for delivery: DeliveryContext) async throws(StageError) -> SendToken {
    let key = delivery.key
    let draft = MaildirDraft(folder: configuration.path, file: MaildirName.make(for: key, at: time.now()))
    let token = try draft.token()
    let encoder = encoder(for: key)
    try await IOThread.run { [maildir, files] () throws(StageError) in
      let body = try encoder.encode(message, files: files)
      do {
        try maildir.create()
        try maildir.write(body, as: draft.file)
      } catch let error as StageError {
        throw error
      } catch {
        throw Self.folderTrouble(error)
      }
    }
    return token
  }

  package func send(
    _ token: SendToken, _ message: MessageSource, for delivery: DeliveryContext, after earlier: EarlierAttempts
  ) async -> SendOutcome {
    guard let draft = MaildirDraft(token), draft.folder == configuration.path else {
      return .notSent(Self.otherFolder(token))
    }
    return await IOThread.run { deliver(draft) }
  }

  package func reconcile(
    _ token: SendToken, _ message: MessageSource, _ attempt: UnknownAttempt
  ) async -> ReconcileResult {
    guard let draft = MaildirDraft(token), draft.folder == configuration.path else {
      return .blocked(.accountChanged, Self.otherFolder(token).detail, lookAgainAfter: Self.lookAgainAfter)
    }
    return await IOThread.run {
      do throws(SystemCallError) {
        guard let place = try maildir.find(draft.file) else { return .ask(.draftGone, draft.file) }
        if place == .tmp { return .notSent }
        // The attempt may have ended before its names were on the disk.
        try maildir.syncNames()
        return .sent(receipt(draft))
      } catch {
        // As for a send: a folder that cannot be looked at is for a person to mend.
        return .blocked(.senderFolder, error.description, lookAgainAfter: Self.lookAgainAfter)
      }
    }
  }

  @discardableResult
  package func discard(_ token: SendToken) async -> DiscardOutcome {
    guard let draft = MaildirDraft(token), draft.folder == configuration.path else {
      return .failed(Self.otherFolder(token).detail)
    }
    return await IOThread.run { [maildir] in
      do throws(SystemCallError) {
        try maildir.remove(draft.file)
        return .removed
      } catch {
        return error.number == ENOENT ? .absent : .failed(error.description)
      }
    }
  }

  private func deliver(_ draft: MaildirDraft) -> SendOutcome {
    do throws(SystemCallError) {
      try maildir.deliver(draft.file)
    } catch {
      return outcome(of: draft, after: error)
    }
    return settled(draft)
  }

  /// A rename that answers with an error has not happened, unless a network lost the first answer to it: so look.
  private func outcome(of draft: MaildirDraft, after failure: SystemCallError) -> SendOutcome {
    do throws(SystemCallError) {
      switch try maildir.find(draft.file) {
      case .tmp: return .notSent(Self.folderTrouble(failure))
      case .new, .cur: return settled(draft)
      case nil: return .ask(.draftGone, draft.file)
      }
    } catch {
      return .unknown(.answerLost, failure.description)
    }
  }

  /// Delivered, and sent once no loss of power can undo it.
  private func settled(_ draft: MaildirDraft) -> SendOutcome {
    do throws(SystemCallError) {
      try maildir.syncNames()
      return .sent(receipt(draft))
    } catch {
      return .unknown(.answerLost, error.description)
    }
  }

  private func receipt(_ draft: MaildirDraft) -> Receipt {
    Receipt(message: draft.file, account: draft.folder, at: time.now())
  }

  private func encoder(for key: DeliveryKey) -> MailEncoder {
    let host = configuration.from.address.split(separator: "@").last.map(String.init) ?? ""
    let domain = (try? DomainName.ascii(host)) ?? "localhost"
    return MailEncoder(
      from: configuration.from, replyTo: configuration.replyTo, date: time.now(), messageID: "<\(key)@\(domain)>",
      headers: [("X-Invoiced-Key", key.description)], keepsBcc: true)
  }

  static func folderTrouble(_ error: any Error) -> StageError {
    StageError(.senderFolder, "\(error)", .hold(.sender))
  }

  private static func otherFolder(_ token: SendToken) -> StageError {
    StageError(.accountChanged, MaildirDraft(token)?.folder ?? "token unreadable", .hold(.sender))
  }
}
