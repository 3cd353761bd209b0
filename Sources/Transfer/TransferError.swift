import Model

/// Why there is no complete answer. Its text holds no header and no body.
package struct TransferError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Cause: Sendable, Hashable {
    /// libcurl's code (libcurl-errors(3)).
    case curl(Int32)
    /// Nothing moved for the time of `Deadline.stall`.
    case stalled
    /// The answer's headers or body went over their bounds.
    case answerTooLarge
    /// The mail could not be read, or was not the one that was hashed before.
    case body(StageError)
    case cancelled
    /// The loop was shut down.
    case shutDown
  }

  package var cause: Cause
  /// libcurl's words, with the host and without secrets.
  package var text: String
  /// False: nothing that the server could act on left this machine (no byte of the request or, of one with a body,
  /// no byte of the body, without which RFC 9112 section 6.3 makes it incomplete). True: no honest program could know.
  package var mayHaveArrived: Bool
  /// Set when an answer had begun: the final status line was read, and the rest is missing.
  package var status: Int?

  package init(_ cause: Cause, _ text: String, mayHaveArrived: Bool, status: Int? = nil) {
    self.cause = cause
    self.text = text
    self.mayHaveArrived = mayHaveArrived
    self.status = status
  }

  /// The server's certificate, or the file of trusted ones, is at fault: time alone does not mend it
  /// (CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM).
  package var isCertificateFailure: Bool {
    switch cause {
    case .curl(60), .curl(77), .curl(58): true
    default: false
    }
  }

  package var description: String {
    switch cause {
    case .curl(let code): "\(text) (curl \(code))"
    default: text
    }
  }
}
