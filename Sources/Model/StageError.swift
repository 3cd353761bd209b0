/// What went wrong in a stage, and what that means for the delivery.
package struct StageError: Error, Sendable, Hashable {
  package enum Meaning: Sendable, Hashable {
    /// Worth another attempt, after this time or, if nil, after the usual back-off. Counts as an attempt.
    case retry(after: Duration?)
    /// A limit of the other side: wait this long. Counts as no attempt.
    case wait(Duration)
    /// This delivery can never succeed as it is.
    case reject
    /// The sender or the stage is in trouble: nothing fails, everything of this sender waits.
    case hold(Hold.Kind)
  }

  package var code: ErrorCode
  /// The other side's own words, or the name of the thing: never a secret.
  package var detail: String
  package var meaning: Meaning
  /// Of `prepare`: what it was to make may have been made all the same, now or a little later, and nobody knows its name.
  /// A sweep has to look for it.
  package var mayHaveLeft = false

  package init(_ code: ErrorCode, _ detail: String = "", _ meaning: Meaning) {
    self.code = code
    self.detail = detail
    self.meaning = meaning
  }
}

/// Every reason that is shown to a person. Control has a sentence for each, in each language.
package enum ErrorCode: String, Codable, Sendable, CaseIterable {
  // The invoice or its files
  case fileMissing = "file_missing"
  case fileChanged = "file_changed"
  case fileForbidden = "file_forbidden"
  case fileUnreadable = "file_unreadable"
  case messageTooLarge = "message_too_large"
  case invalidRecipient = "invalid_recipient"
  case tooManyRecipients = "too_many_recipients"
  case invalidHeader = "invalid_header"
  case fieldMissing = "field_missing"
  case messageChanged = "message_changed"
  case claimed = "claimed"
  case heldInvoice = "held_invoice"
  case markedSent = "marked_sent"
  // The sender's answers
  case recipientRefused = "recipient_refused"
  case messageRefused = "message_refused"
  case rateLimited = "rate_limited"
  case dailyLimit = "daily_limit"
  case credentialMissing = "credential_missing"
  case credentialInvalid = "credential_invalid"
  case permissionMissing = "permission_missing"
  case accountRefused = "account_refused"
  case accountChanged = "account_changed"
  case clockWrong = "clock_wrong"
  case unreachable = "unreachable"
  case serverError = "server_error"
  case senderFolder = "sender_folder"
  // Unknown outcomes
  case answerLost = "answer_lost"
  case daemonDied = "daemon_died"
  case draftGone = "draft_gone"
  case draftEdited = "draft_edited"
  case draftStays = "draft_stays"
  case restored = "restored"
  // The daemon
  case storeFull = "store_full"
  case storeFailed = "store_failed"
  case layStill = "lay_still"
  case senderChanged = "sender_changed"
  case recordFailed = "record_failed"
}
