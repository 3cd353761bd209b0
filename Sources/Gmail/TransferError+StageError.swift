import Model
import Transfer

extension TransferError {
  /// The host was not reached, which concerns every call.
  var isUnreachable: Bool {
    switch cause {
    case .curl: !mayHaveArrived && !isCertificateFailure
    case .stalled, .answerTooLarge, .body, .cancelled, .shutDown: false
    }
  }

  /// What it means for anything but a send.
  ///
  /// A host that cannot be reached counts as no attempt, however long that lasts: `waiting` says how long to wait.
  func stageError(waiting: Duration) -> StageError {
    switch cause {
    case .body(let error): return error
    case .cancelled, .shutDown: return StageError(.unreachable, description, .wait(waiting))
    case .curl, .stalled, .answerTooLarge: break
    }
    if isCertificateFailure { return StageError(.unreachable, description, .hold(.sender)) }
    return StageError(.unreachable, description, mayHaveArrived ? .retry(after: nil) : .wait(waiting))
  }
}
