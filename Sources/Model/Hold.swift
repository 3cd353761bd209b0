import Foundation

/// A reason why a job, a sender or an invoice does not go on. What ends by itself within minutes or hours, such as a rate limit,
/// is a `Wait`.
///
/// Each kind is removed by its own cause only.
package struct Hold: Codable, Sendable, Hashable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// A person paused it; a person resumes it.
    case human
    /// The sender's daily number of messages is used up; ends when the window has moved on.
    case daily
    /// The sender is in trouble (credential, account); ends when a person resumes, or with a reload or restart.
    case sender
    /// The database cannot be written; ends when it can.
    case store
    /// Outside the permitted hours.
    case schedule
    /// The store came back from a backup or a copy, the job lay still for too long, or its sender became a rehearsal, or
    /// a real one; a person resumes it.
    case restored

    /// Whether nothing but a person ends it.
    package var needsPerson: Bool { self == .human || self == .sender || self == .restored }
  }

  package var kind: Kind
  /// Why, as a code with a sentence in each language; nil for a person's pause.
  package var code: ErrorCode?
  /// The other side's own words, or the person's.
  package var detail: String
  package var since: Date
  /// When it ends by itself; nil: nobody knows, or only a person ends it.
  package var until: Date?

  package init(kind: Kind, code: ErrorCode? = nil, detail: String = "", since: Date, until: Date? = nil) {
    self.kind = kind
    self.code = code
    self.detail = detail
    self.since = since
    self.until = until
  }
}
