import Model
import Transfer

/// How a call ended.
package enum GmailAnswer: Sendable {
  /// 2xx.
  case success(TransferResponse)
  /// Any other status.
  case refused(GmailError)
  /// No complete answer.
  case failed(TransferError)
  /// Nothing was called: there is no token, or the account waits.
  case notTried(StageError)
}

/// How a call ended, and what the account's gate says since.
package struct GmailReply: Sendable {
  package var answer: GmailAnswer
  /// For how long nothing of this account should be sent.
  package var wait: Duration

  package init(_ answer: GmailAnswer, wait: Duration = .zero) {
    self.answer = answer
    self.wait = wait
  }
}

extension GmailReply {
  /// The body of a 2xx answer; any other end as what it means for a delivery, if the call was no send.
  func success() throws(StageError) -> TransferResponse {
    switch answer {
    case .success(let response): return response
    case .refused(let error): throw error.stageError(waiting: wait)
    case .failed(let error): throw error.stageError(waiting: wait)
    case .notTried(let error): throw error
    }
  }
}
