import Model

extension SentenceTable {
  static let english = SentenceTable(
    start: "🚀 Sending begins: {total} invoice(s)",
    reopened: "🚀 Sending begins again: {left} invoice(s) to do of {total}",
    outcomes: Outcomes(
      sent: "✅ Email {i}/{total} sent: {cct} - {file} → {recipients}",
      failed: "⚠️ Email {i}/{total} ERROR: {cct} - {file}: {error}",
      skipped: "⏭️ Email {i}/{total} skipped: {cct} - {file}: {error}",
      unknown: "❓ Email {i}/{total} to check: {cct} - {file}: {error}",
      cancelled: "🚫 Email {i}/{total} cancelled: {cct} - {file}",
      open: "⏳ Email {i}/{total} waiting: {cct} - {file}"),
    inferred: " (inferred: the draft was consumed)",
    paused: "⏸️ Sending paused: {reason}",
    resumed: "▶️ Sending goes on: {left} invoice(s) to do of {total}",
    waitsUntil: "⏸️ Sending waits until {until}: {reason}",
    waits: "⏸️ Sending waits, and is tried again by itself: {reason}",
    looking: "🔎 invoiced still checks {n} invoice(s): {sent} sent, {failed} error(s) of {total} invoice(s)",
    complete: "✅ Sending finished: {sent} sent, {failed} error(s) of {total} invoice(s)",
    cancelled: "🚫 Sending cancelled: {sent} sent, {failed} error(s) of {total} invoice(s)",
    already: ", {n} already sent",
    skipped: ", {n} skipped",
    unknown: ", {n} to check",
    cancelledDeliveries: ", {n} cancelled",
    inOtherJobs: ", {n} left to another job",
    toCheck: ", {n} to check in another job",
    held: ", {n} on hold",
    markedSent: ", {n} sent elsewhere",
    otherJobs: " ({jobs})",
    otherJob: "job {job}: {state}",
    journalStart: "🚀 Sending begins...",
    journalOutcomes: Outcomes(
      sent: "✅ [{i}/{total}] Email sent: {cct} - {file}",
      failed: "❌ [{i}/{total}] Email error: {cct} - {file}: {error}",
      skipped: "⏭️ [{i}/{total}] Email skipped: {cct} - {file}: {error}",
      unknown: "❓ [{i}/{total}] Email to check: {cct} - {file}: {error}",
      cancelled: "🚫 [{i}/{total}] Email cancelled: {cct} - {file}",
      open: "⏳ [{i}/{total}] Email waiting: {cct} - {file}"),
    journalComplete: "🎉 Sending finished: {sent} sent, {failed} error(s)",
    journalCancelled: "🚫 Sending cancelled: {sent} sent, {failed} error(s)",
    withDetail: "{reason} ({detail})",
    withRemedy: "{reason} → {remedy}",
    heldUntil: "{reason}, until {until}",
    betweenHolds: "; ",
    noReason: "unknown reason",
    state: { $0.english },
    reason: { $0.english },
    holdReason: { $0.english },
    remedy: { kind, code in code?.englishRemedy ?? kind.englishRemedy },
    importProblem: { $0.english })
}

extension JobState {
  fileprivate var english: String {
    switch self {
    case .running: "running"
    case .paused: "paused"
    case .waiting: "waiting"
    case .completed: "completed"
    case .cancelled: "cancelled"
    }
  }
}

extension ErrorCode {
  fileprivate var english: String {
    switch self {
    case .fileMissing: "the file is not there any more"
    case .fileChanged: "the file has changed since it was selected"
    case .fileForbidden: "the file is outside the permitted folders"
    case .fileUnreadable: "the file cannot be read"
    case .messageTooLarge: "message too large"
    case .invalidRecipient: "invalid recipient address"
    case .tooManyRecipients: "too many recipients"
    case .invalidHeader: "invalid message header"
    case .fieldMissing: "the invoice lacks a field of the template"
    case .messageChanged: "the message would no longer be the same: a template has changed since it was prepared"
    case .claimed: "already taken by another job"
    case .heldInvoice: "invoice on hold"
    case .markedSent: "already sent by another system"
    case .recipientRefused: "recipient refused"
    case .messageRefused: "message refused"
    case .rateLimited: "the sending service limits the number of messages"
    case .dailyLimit: "daily number of messages used up"
    case .credentialMissing: "no credential for the sending account"
    case .credentialInvalid: "credential of the sending account refused"
    case .permissionMissing: "the sending account lacks a permission"
    case .accountRefused: "sending account refused"
    case .accountChanged: "the credential belongs to another account"
    case .clockWrong: "the clock of this machine is wrong"
    case .unreachable: "sending service unreachable"
    case .serverError: "error of the sending service"
    case .senderFolder: "the sending folder is unusable"
    case .answerLost: "answer lost, the invoice may have been sent"
    case .daemonDied: "stopped while sending, the invoice may have been sent"
    case .draftGone: "the draft is gone, the invoice may have been sent"
    case .draftEdited: "the draft was changed by hand"
    case .draftStays: "the draft is still there after several attempts"
    case .restored: "restored from a backup, the invoice may have been sent since"
    case .storeFull: "no room for the database"
    case .storeFailed: "the database cannot be written"
    case .layStill: "the job lay still for long"
    case .senderChanged: "the pipeline has changed between rehearsal and real sending since the job began"
    case .recordFailed: "sent, but the result could not be recorded"
    }
  }

  /// Of the codes that hold; nil: the hold's kind says what to do.
  fileprivate var englishRemedy: SentenceTemplate? {
    switch self {
    case .credentialMissing:
      "install the credential that the configuration names and restart invoiced, sending will go on by itself"
    case .credentialInvalid:
      "replace the credential of the sending account and restart invoiced, sending will go on by itself"
    case .permissionMissing:
      "permit the account to manage drafts and to send, then: invoicectl resume {job}"
    case .accountRefused: "look at the account with its provider, then: invoicectl resume {job}"
    case .accountChanged:
      "put the first account's credential back or finish its jobs, then: invoicectl resume {job}"
    case .clockWrong: "set the clock of this machine (timedatectl), then: invoicectl resume {job}"
    case .unreachable: "check the network, then: invoicectl resume {job}"
    case .senderFolder: "make sure that invoiced can write to this folder, then: invoicectl resume {job}"
    case .senderChanged:
      "put the former sender back, then: invoicectl resume {job}; or give the job up: invoicectl cancel {job}"
    case .storeFull: "make room on the disk, sending will go on by itself"
    case .storeFailed: "check the disk of the database, sending will go on by itself"
    case .dailyLimit: "nothing to do, sending will go on by itself"
    default: nil
    }
  }
}

extension Hold.Kind {
  fileprivate var english: String {
    switch self {
    case .human: "asked for by a person"
    case .daily: "daily number of messages used up"
    case .sender: "the sending service is in trouble"
    case .store: "the database cannot be written"
    case .schedule: "outside the hours for sending"
    case .restored: "the database came from a backup or a copy, or was lost"
    }
  }

  fileprivate var englishRemedy: SentenceTemplate {
    switch self {
    case .human: "to go on: invoicectl resume {job}"
    case .daily, .schedule: "nothing to do, sending will go on by itself"
    case .sender: "remove the cause, then: invoicectl resume {job}"
    case .store: "check the disk of the database, sending will go on by itself"
    case .restored: "check what was sent already, then: invoicectl resume {job}"
    }
  }
}
