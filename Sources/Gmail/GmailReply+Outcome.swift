import Foundation
import Model
import Transfer

extension GmailReply {
  /// What the end of a `drafts.send` means: "not sent" only where an answer of Google's, or a connection that never came
  /// about, proves it.
  ///
  /// - Parameters:
  ///   - earlier: what is known of the token's attempts before.
  ///   - now: for the receipt.
  package func outcome(of token: DraftToken, after earlier: EarlierAttempts, now: Date) -> SendOutcome {
    switch answer {
    case .success(let response):
      // A 2xx is a success even where its body cannot be read; the message's new id is unknown then.
      let message = try? JSONDecoder().decode(MessageID.self, from: response.body)
      return .sent(token.receipt(message, at: now))
    case .failed(let error): return outcome(of: error, token, now)
    case .refused(let error): return outcome(of: error, earlier)
    case .notTried(let error): return .notSent(error)
    }
  }

  private func outcome(of error: TransferError, _ token: DraftToken, _ now: Date) -> SendOutcome {
    // The status line of a 2xx arrived, and the connection broke off within the rest.
    if let status = error.status, (200..<300).contains(status) { return .sent(token.receipt(nil, at: now)) }
    guard !error.mayHaveArrived else { return .unknown(.answerLost, error.description) }
    return .notSent(error.stageError(waiting: wait))
  }

  private func outcome(of error: GmailError, _ earlier: EarlierAttempts) -> SendOutcome {
    switch error.kind {
    case .recipient, .message, .tooLarge, .account, .permission, .credential, .limited, .daily:
      // The same status from anybody between Google and us proves nothing.
      guard error.isGoogles else { return .unknown(.answerLost, error.description) }
      return .notSent(error.stageError(waiting: wait))
    case .notFound:
      // It was not executed. On a first attempt nothing of ours can have consumed the draft: Gmail does not see it yet, or
      // a person deleted it, or sent it by hand.
      return earlier == .none ? .missing(.serverError, error.description) : .unknown(.answerLost, error.description)
    case .server: return .unknown(.serverError, error.description)
    case .other: return .unknown(.answerLost, error.description)
    }
  }
}

extension DraftToken {
  /// - Parameter message: nil leaves the message's id empty, because nobody knows it.
  func receipt(_ message: MessageID?, at now: Date, inferred: Bool = false) -> Receipt {
    Receipt(
      message: message?.id ?? "", thread: message?.threadId ?? thread, account: account, at: now, inferred: inferred)
  }
}
