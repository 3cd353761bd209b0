import TestSupport

extension RunningSandbox {
  /// Numbers of the invoices that customers got, as often as they got them, sorted; of the subject `Facture NUMBER`.
  func delivered() throws -> [String] {
    try log("delivered").compactMap(\.subject).map { String($0.dropFirst("Facture ".count)) }.sorted()
  }
}

extension RunningDaemon {
  /// The same of the Maildir.
  func delivered() throws -> [String] {
    Self.values(of: "Subject", in: try mails()).map { String($0.dropFirst("Facture ".count)) }.sorted()
  }
}

extension [SampleInvoice] {
  var numbers: [String] { map(\.number).sorted() }
}
