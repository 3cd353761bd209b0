import Foundation
import Model
import Transfer

extension GmailReply {
  /// What the end of a `drafts.send` means: "not sent" only where an answer of Google's, or a connection that never came
  /// about, proves it, and "sent" only where Google names the message that went out.
  ///
  /// A 2xx alone is no such word. The block page of a proxy is a 200, and what it answers was never sent; a broken-off 200
  /// may be such a page's beginning. Both are unknown, like any other lost answer, and the draft tells: it is gone where
  /// the 200 was Google's after all.
  ///
  /// - Parameters:
  ///   - earlier: what is known of the token's attempts before.
  ///   - now: for the receipt.
  package func outcome(of token: DraftToken, after earlier: EarlierAttempts, now: Date) -> SendOutcome {
    switch answer {
    case .success(let response):
      guard let message = response.resource(MessageID.self) else {
        let words = response.isForeign ? "not from Google: a proxy may have answered" : "without the id of a message"
        return .unknown(.answerLost, "HTTP \(response.status), \(words)")
      }
      return .sent(token.receipt(message, at: now))
    case .failed(let error): return outcome(of: error)
    case .refused(let error): return outcome(of: error, earlier)
    case .notTried(let error): return .notSent(error)
    }
  }

  private func outcome(of error: TransferError) -> SendOutcome {
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
