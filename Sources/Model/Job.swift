import Foundation

/// One run of a pipeline over the invoices that a filter selected.
package struct Job: Codable, Sendable, Hashable {
  package var id: Int64
  package var pipeline: String
  /// Distinguishes several mailings of the same invoices, such as a reminder; empty for the plain one.
  package var occasion: String
  package var filter: Filter
  /// The only recipient of a test job; nil for a real one.
  package var testTo: String?
  package var state: JobState
  package var holds: [Hold]
  /// What the sender waits for, while the job runs; nil: nothing.
  package var wait: Wait?
  package var counts: Counts
  /// Unknown deliveries that the daemon looks at by itself; the others need a person.
  package var looking: Int
  /// Other jobs that have invoices which this one left out; nil: none has.
  package var others: [OtherJob]?
  package var startedBy: Person
  package var startedAt: Date
  /// Set while the job is completed or cancelled.
  package var finishedAt: Date?

  package init(
    id: Int64, pipeline: String, occasion: String, filter: Filter, testTo: String?, state: JobState,
    holds: [Hold], wait: Wait? = nil, counts: Counts, looking: Int = 0, others: [OtherJob]? = nil, startedBy: Person,
    startedAt: Date, finishedAt: Date?
  ) {
    self.id = id
    self.pipeline = pipeline
    self.occasion = occasion
    self.filter = filter
    self.testTo = testTo
    self.state = state
    self.holds = holds
    self.wait = wait
    self.counts = counts
    self.looking = looking
    self.others = others
    self.startedBy = startedBy
    self.startedAt = startedAt
    self.finishedAt = finishedAt
  }

  enum CodingKeys: String, CodingKey {
    case id, pipeline, occasion, filter, state, holds, wait, counts, looking, others
    case testTo = "test_to"
    case startedBy = "started_by"
    case startedAt = "started_at"
    case finishedAt = "finished_at"
  }
}

/// The states of a job; docs/states.md draws them.
package enum JobState: String, Codable, Sendable, CaseIterable {
  case running
  /// Has deliveries to do, and at least one hold.
  case paused
  /// Only unknown or unrecorded deliveries are left.
  case waiting
  case completed
  case cancelled

  package var isFinished: Bool { self == .completed || self == .cancelled }
}

/// Who asked for something: the peer's credentials (unix(7), SO_PEERCRED) and its user's name.
package struct Person: Codable, Sendable, Hashable {
  package var uid: UInt32
  /// The user database's name, or the number where it has none.
  package var name: String

  package init(uid: UInt32, name: String) {
    self.uid = uid
    self.name = name
  }

  /// A name that somebody gives for another person, without blanks at its ends, if it can stand in the history: 1 to 64
  /// bytes that are `isPlain`. Nil otherwise.
  package static func givenName(_ text: String) -> String? {
    let name = text.trimmingCharacters(in: .whitespaces)
    return name.isPlain && (1...64).contains(name.utf8.count) ? name : nil
  }
}
