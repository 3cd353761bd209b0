/// A row of a manifest, to be sent to a customer of its own.
package struct SampleInvoice: Sendable {
  package var number: String
  package var cct = "CCT1"
  package var period = "2026-10"
  /// Relative to the manifest.
  package var file: String
  package var to: String
  /// Text of the PDF; another text is another content.
  package var text: String

  package init(
    _ number: String, cct: String = "CCT1", period: String = "2026-10", file: String? = nil, to: String? = nil,
    text: String? = nil
  ) {
    self.number = number
    self.cct = cct
    self.period = period
    self.file = file ?? "\(number).pdf"
    self.to = to ?? "c\(number.lowercased())@customer.example"
    self.text = text ?? "Facture \(number)"
  }

  /// So many, from F001 on.
  package static func series(_ count: Int, cct: String = "CCT1") -> [SampleInvoice] {
    (1...count).map {
      SampleInvoice("F" + String(repeating: "0", count: max(0, 3 - "\($0)".count)) + "\($0)", cct: cct)
    }
  }
}
