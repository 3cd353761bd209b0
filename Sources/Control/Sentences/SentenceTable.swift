import Model

/// Every sentence about events, in one language.
///
/// Places: `{i}` and `{total}`, `{cct}`, `{file}`, `{recipients}`, `{error}` of a delivery; `{sent}`, `{failed}`,
/// `{left}`, `{n}` of a job's counts; `{job}` and `{state}` its number and its state; `{jobs}` a list of jobs; `{reason}`
/// and `{remedy}` of a hold; `{until}` of a wait or a hold; `{detail}`.
struct SentenceTable: Sendable {
  /// What is said about a delivery, by its state.
  struct Outcomes: Sendable {
    var sent: SentenceTemplate
    var failed: SentenceTemplate
    var skipped: SentenceTemplate
    var unknown: SentenceTemplate
    var cancelled: SentenceTemplate
    /// It has no outcome (any more).
    var open: SentenceTemplate
  }

  var start: SentenceTemplate
  var reopened: SentenceTemplate
  var outcomes: Outcomes
  /// Behind `sent` when it was concluded and not read in an answer.
  var inferred: String
  var paused: SentenceTemplate
  var resumed: SentenceTemplate
  /// A wait of the sender with an end, and one of which nobody knows when it ends.
  var waitsUntil: SentenceTemplate
  var waits: SentenceTemplate
  /// Every delivery has an outcome, and the daemon still looks for that of some (`{n}`).
  var looking: SentenceTemplate
  var complete: SentenceTemplate
  var cancelled: SentenceTemplate
  /// Optional ends of the last lines, each with its count.
  var already: SentenceTemplate
  var skipped: SentenceTemplate
  var unknown: SentenceTemplate
  var cancelledDeliveries: SentenceTemplate
  /// What was left out beside `already`, each with its count.
  var inOtherJobs: SentenceTemplate
  var toCheck: SentenceTemplate
  var held: SentenceTemplate
  var markedSent: SentenceTemplate
  /// The jobs that have what is `inOtherJobs` or `toCheck`: a list of `otherJob`.
  var otherJobs: SentenceTemplate
  var otherJob: SentenceTemplate

  var journalStart: SentenceTemplate
  var journalOutcomes: Outcomes
  var journalComplete: SentenceTemplate
  var journalCancelled: SentenceTemplate

  /// A sentence and, behind it, the words of the other side.
  var withDetail: SentenceTemplate
  var withRemedy: SentenceTemplate
  /// The reason of a hold that ends by itself at a time.
  var heldUntil: SentenceTemplate
  var betweenHolds: String
  var noReason: String

  var state: @Sendable (JobState) -> String
  var reason: @Sendable (ErrorCode) -> String
  var holdReason: @Sendable (Hold.Kind) -> String
  var remedy: @Sendable (Hold.Kind, ErrorCode?) -> SentenceTemplate
  var importProblem: @Sendable (ImportProblemCode) -> String

  static func of(_ language: Language) -> SentenceTable {
    switch language {
    case .fr: .french
    case .en: .english
    }
  }
}
