import Model

/// The columns of `export`.
extension Delivery {
  static let exportedNames = [
    "job", "position", "number", "cct", "period", "file", "recipients", "state", "attempt", "code", "detail", "sent_at",
    "message", "thread", "account", "inferred", "updated_at",
  ]

  /// A value for each of `exportedNames`; times as RFC 3339 in UTC, several recipients with a comma between them.
  var exported: [String] {
    [
      "\(job)", "\(position)", number, cct, period.description, file, recipients.joined(separator: ", "),
      state.rawValue, "\(attempt)", code?.rawValue ?? "", detail ?? "", receipt.map { WireJSON.text(of: $0.at) } ?? "",
      receipt?.message ?? "", receipt?.thread ?? "", receipt?.account ?? "", receipt.map { "\($0.inferred)" } ?? "",
      WireJSON.text(of: updatedAt),
    ]
  }
}
