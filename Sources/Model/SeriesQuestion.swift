/// Why a pipeline cannot begin: the catalogue holds invoices that another series has, and nobody has said whether the
/// pipeline goes on with it. An invoice is sent once in each series.
package struct SeriesQuestion: Codable, Sendable, Hashable {
  /// What another series has of the catalogue.
  package struct Use: Codable, Sendable, Hashable {
    package var series: String
    /// The pipeline that used it last.
    package var pipeline: String
    /// Invoices that it has sent.
    package var sent: Int
    /// Invoices that it has yet to send, or of which nobody knows whether they were sent.
    package var open: Int

    package init(series: String, pipeline: String, sent: Int, open: Int) {
      self.series = series
      self.pipeline = pipeline
      self.sent = sent
      self.open = open
    }
  }

  /// The one that is to begin.
  package var pipeline: String
  /// In the catalogue.
  package var invoices: Int
  /// At least one; those with most invoices first. Of a pipeline that has begun, its own is among them.
  package var others: [Use]

  package init(pipeline: String, invoices: Int, others: [Use]) {
    self.pipeline = pipeline
    self.invoices = invoices
    self.others = others
  }
}
