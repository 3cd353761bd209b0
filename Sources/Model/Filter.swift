/// Which invoices a job takes. Conditions are joined by "and"; no condition at all means every due invoice.
package struct Filter: Codable, Sendable, Hashable {
  package var cct: String?
  package var period: Period?
  /// Nil: any number; an empty list matches nothing.
  package var numbers: [String]?
  /// At most so many due invoices, in the order of their numbers; nil: no bound.
  package var limit: Int?

  package init(cct: String? = nil, period: Period? = nil, numbers: [String]? = nil, limit: Int? = nil) {
    self.cct = cct
    self.period = period
    self.numbers = numbers
    self.limit = limit
  }
}
