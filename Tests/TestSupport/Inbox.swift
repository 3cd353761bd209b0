import Foundation

/// A folder with invoices to be imported.
package struct Inbox: Sendable {
  package let path: String

  package init(path: String) throws {
    self.path = path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file, over an older one, and returns its path.
  @discardableResult
  package func write(_ name: String, _ content: Data) throws -> String {
    try content.write(to: URL(filePath: self(name)))
    return self(name)
  }

  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }

  /// Writes the PDFs and the manifest, and returns the manifest's path.
  @discardableResult
  package func write(_ invoices: [SampleInvoice], as name: String = "month.csv") throws -> String {
    var text = "number;cct;period;file;to\n"
    for invoice in invoices {
      try write(invoice.file, SamplePDF.bytes(invoice.text))
      text += "\(invoice.number);\(invoice.cct);\(invoice.period);\(invoice.file);\(invoice.to)\n"
    }
    return try write(name, text)
  }
}
