import Model
import Mustache

/// One value of an invoice, as Mustache sees it: an empty one is there, and false in a section.
///
/// A `String` would be true even when it is empty. Being a parent without children keeps the library from looking
/// for names among this type's own properties while the value is a section's context.
struct InvoiceValue: MustacheParent, MustacheCustomRenderable {
  let text: String
  let allowance: ValuesAllowance
  var parts: [String: String] = [:]

  var renderText: String { allowance.take(text) }
  var isNull: Bool { text.isEmpty }

  func child(named name: String) -> Any? {
    parts[name.lowercased()].map { InvoiceValue(text: $0, allowance: allowance) }
  }
}

/// What is left of the bytes of values that one mail may take up (`TemplateBounds`). Lives as `InvoiceValues` does.
final class ValuesAllowance {
  private var left = TemplateBounds.maximumValuesSizeInBytes
  private(set) var isExceeded = false

  /// The text, or nothing once the allowance is used up.
  func take(_ text: String) -> String {
    left -= text.utf8.count
    if left < 0 { isExceeded = true }
    return isExceeded ? "" : text
  }
}

/// The values of one invoice, and a note of every name that was asked for and is not there.
///
/// Lives for one rendering, on one thread.
final class InvoiceValues: MustacheParent, MustacheCustomRenderable {
  static let partsOfPeriod = ["year", "month", "month_name"]

  /// By name in small letters: capitals of a column's name do not matter.
  private let values: [String: InvoiceValue]
  private let allowance = ValuesAllowance()
  private(set) var missing: [String] = []

  /// Whether values were left out because they are longer than a mail may be.
  var areTooLong: Bool { allowance.isExceeded }

  /// - Parameter language: that of the templates in use, which may differ from the invoice's own.
  init(of invoice: Invoice, language: String) {
    let period = invoice.period.description
    let (year, month) = (String(period.prefix(4)), String(period.suffix(2)))
    let allowance = allowance
    func value(_ text: String, parts: [String: String] = [:]) -> InvoiceValue {
      InvoiceValue(text: text, allowance: allowance, parts: parts)
    }
    // Catalogues of earlier releases may have names that differ in capitals alone; the first in order counts.
    let fields = invoice.fields.sorted { $0.key < $1.key }.map { ($0.key.lowercased(), value($0.value)) }
    var values = Dictionary(fields) { first, _ in first }
    values["number"] = value(invoice.number)
    values["cct"] = value(invoice.cct)
    values["period"] = value(
      period,
      parts: [
        "year": year, "month": month,
        "month_name": Int(month).flatMap { MonthNames.name(of: $0, in: language) } ?? month,
      ])
    values["file"] = value(invoice.file.name)
    values["language"] = value(language)
    values["to"] = value(invoice.to.first.map { $0.name ?? $0.address } ?? "")
    self.values = values
  }

  var isNull: Bool { false }

  /// `{{.}}` outside every section names nothing.
  var renderText: String {
    note(".")
    return ""
  }

  func child(named name: String) -> Any? {
    if let value = values[name.lowercased()] { return value }
    note(name)
    return nil
  }

  private func note(_ name: String) {
    if !missing.contains(name) { missing.append(name) }
  }
}
