import Model

extension DeliveryState {
  /// The delivery state machine, written once. docs/states.md draws it.
  package func mayBecome(_ next: DeliveryState) -> Bool {
    switch (self, next) {
    case (.pending, .sending), (.pending, .failed), (.pending, .skipped), (.pending, .cancelled): true
    case (.prepared, .sending), (.prepared, .failed), (.prepared, .skipped), (.prepared, .cancelled): true
    case (.sending, .sent), (.sending, .prepared), (.sending, .failed), (.sending, .unknown): true
    // Reconciled: it went out, it did not, or its job is cancelled. `pending`: a person says that it did not.
    case (.unknown, .sent), (.unknown, .prepared), (.unknown, .pending), (.unknown, .cancelled): true
    case (.sent, .recorded): true
    // Retry.
    case (.failed, .pending): true
    // The store was put back to an earlier time: it may have been sent since.
    case (.pending, .unknown), (.prepared, .unknown): true
    default: false
    }
  }

  /// The column of `job` that counts deliveries in this state.
  var counter: String {
    switch self {
    case .pending, .prepared, .sending: "open"
    case .sent, .recorded: "sent"
    case .unknown: "unknown"
    case .failed: "failed"
    case .skipped: "skipped"
    case .cancelled: "cancelled"
    }
  }
}
