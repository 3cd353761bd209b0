import Model

extension Invoice {
  /// An invoice that is complete, with this number.
  package static func sample(_ number: String, cct: String = "CCT1", to: String = "a@customer.example") -> Invoice {
    Invoice(
      number: number, cct: cct, period: Period(year: 2026, month: 10),
      file: FileReference(path: "/inbox/\(number).pdf", sha256: String(repeating: "0", count: 64), sizeInBytes: 10),
      to: [Mailbox(address: to)])
  }
}
