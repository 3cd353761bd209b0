import Model

extension JobsInterface {
  /// What `Start` with the same parameters would do now.
  package struct Plan: Codable, Sendable, Hashable {
    package var pipeline: String
    package var sender: String
    package var delivers: Bool
    package var series: String
    package var due: Int
    /// Left out, as in `Counts`.
    package var already: Int
    package var inOtherJobs: Int
    package var toCheck: Int
    package var held: Int
    package var markedSent: Int
    /// The jobs that have what is in other jobs, or to be checked there; nil: none.
    package var others: [OtherJob]?
    /// Due invoices by period.
    package var periods: [String: Int]
    /// Distinct customers of the due invoices.
    package var customers: Int
    /// The first three due invoices.
    package var examples: [DeliveryLine]
    /// What `Start` would refuse as `SeriesUndecided`; nil: nothing.
    package var question: SeriesQuestion?

    /// - Parameter leftOut: the counts of what is left out; the others are not looked at.
    package init(
      pipeline: String, sender: String, delivers: Bool, series: String, due: Int, leftOut: Counts = Counts(),
      others: [OtherJob]? = nil, periods: [String: Int], customers: Int, examples: [DeliveryLine],
      question: SeriesQuestion? = nil
    ) {
      self.pipeline = pipeline
      self.sender = sender
      self.delivers = delivers
      self.series = series
      self.due = due
      already = leftOut.already
      inOtherJobs = leftOut.inOtherJobs
      toCheck = leftOut.toCheck
      held = leftOut.held
      markedSent = leftOut.markedSent
      self.others = others
      self.periods = periods
      self.customers = customers
      self.examples = examples
      self.question = question
    }

    /// The counts of what is left out, and no other.
    package var leftOut: Counts {
      var counts = Counts()
      counts.already = already
      counts.inOtherJobs = inOtherJobs
      counts.toCheck = toCheck
      counts.held = held
      counts.markedSent = markedSent
      return counts
    }

    enum CodingKeys: String, CodingKey {
      case pipeline, sender, delivers, series, due, already, held, others, periods, customers, examples, question
      case inOtherJobs = "in_other_jobs"
      case toCheck = "to_check"
      case markedSent = "marked_sent"
    }
  }
}
