import Foundation

/// What a person did, as the history has it.
package struct Action: Codable, Sendable, Hashable {
  /// Grows with time.
  package var id: Int64
  package var at: Date
  package var by: Person
  /// `import`, `start`, `pause`, `resume`, `cancel`, `retry`, `resolve sent`, `resolve not-sent`, `hold`, `release` or
  /// `backup`; newer daemons may have more.
  package var verb: String
  package var job: Int64?
  /// Of the delivery in its job, where one was meant.
  package var position: Int?
  /// Of the invoice, where one was meant.
  package var number: String?
  /// The reason that the person gave, or what came of it.
  package var detail: String?

  package init(
    id: Int64, at: Date, by person: Person, verb: String, job: Int64? = nil, position: Int? = nil,
    number: String? = nil, detail: String? = nil
  ) {
    self.id = id
    self.at = at
    by = person
    self.verb = verb
    self.job = job
    self.position = position
    self.number = number
    self.detail = detail
  }
}
