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
  /// Somebody between Google and us has answered: a block page, a log-in page, a redirect. Errors that Google's own front
  /// end answers in HTML (413, 429, 5xx) are none.
  var isForeign: Bool {
    switch answer {
    case .success(let response): response.isForeign
    case .refused(let error): error.kind == .other && !error.isGoogles
    case .failed, .notTried: false
    }
  }

  /// Whether the call may have been carried out although it did not succeed.
  var mayHaveBeenDone: Bool {
    switch answer {
    case .success: true
    case .refused(let error): error.kind == .server || isForeign
    case .failed(let error): error.mayHaveArrived
    case .notTried: false
    }
  }

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
