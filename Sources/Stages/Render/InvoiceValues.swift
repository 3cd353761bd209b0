import Model
import Mustache

/// One value of an invoice, as Mustache sees it: an empty one is there, and false in a section.
///
/// A `String` would be true even when it is empty. Being a parent without children keeps the library from looking
/// for names among this type's own properties while the value is a section's context.
struct InvoiceValue: MustacheParent, MustacheCustomRenderable {
  let text: String
  var parts: [String: String] = [:]

  var renderText: String { text }
  var isNull: Bool { text.isEmpty }

  func child(named name: String) -> Any? { parts[name].map { InvoiceValue(text: $0) } }
}

/// The values of one invoice, and a note of every name that was asked for and is not there.
///
/// Lives for one rendering, on one thread.
final class InvoiceValues: MustacheParent, MustacheCustomRenderable {
  static let partsOfPeriod = ["year", "month", "month_name"]

  private let values: [String: InvoiceValue]
  private(set) var missing: [String] = []

  /// - Parameter language: that of the templates in use, which may differ from the invoice's own.
  init(of invoice: Invoice, language: String) {
    let period = invoice.period.description
    let (year, month) = (String(period.prefix(4)), String(period.suffix(2)))
    var values = invoice.fields.mapValues { InvoiceValue(text: $0) }
    values["number"] = InvoiceValue(text: invoice.number)
    values["cct"] = InvoiceValue(text: invoice.cct)
    values["period"] = InvoiceValue(
      text: period,
      parts: [
        "year": year, "month": month,
        "month_name": Int(month).flatMap { MonthNames.name(of: $0, in: language) } ?? month,
      ])
    values["file"] = InvoiceValue(text: invoice.file.name)
    values["language"] = InvoiceValue(text: language)
    values["to"] = InvoiceValue(text: invoice.to.first.map { $0.name ?? $0.address } ?? "")
    self.values = values
  }

  var isNull: Bool { false }

  /// `{{.}}` outside every section names nothing.
  var renderText: String {
    note(".")
    return ""
  }

  func child(named name: String) -> Any? {
    if let value = values[name] { return value }
    note(name)
    return nil
  }

  private func note(_ name: String) {
    if !missing.contains(name) { missing.append(name) }
  }
}
