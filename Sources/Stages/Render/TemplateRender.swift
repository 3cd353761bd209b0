import Mail
import Model

/// `render: {use: template}`: a message out of an invoice and Mustache templates.
///
/// All templates are read and checked once, at construction: nothing is read while invoices are rendered, and a
/// reload is a new value. Values that a template may name: `number`, `cct`, `period` with `period.year`,
/// `period.month` (two digits) and `period.month_name`, `file` (the PDF's name), `language` (that of the template in
/// use), `to` (display name of the first recipient, or the address), and every field of the invoice. Capitals in a name do
/// not matter.
package struct TemplateRender: RenderStage {
  private let sets: [String: TemplateSet]
  private let defaultSet: TemplateSet

  /// Reads the templates of every language for which one of the configured files is there.
  ///
  /// - Throws: what is wrong with the first template that is not usable: one that is missing in the default language,
  ///   one language's text without its HTML, a mistake inside, with line and column.
  package init(_ configuration: TemplateConfiguration) throws(TemplateError) {
    let defaultLanguage = LanguageTag.fallbacks(of: configuration.defaultLanguage).first ?? ""
    guard LanguageTag.isCanonical(defaultLanguage) else {
      throw TemplateError(
        file: "default_language", reason: "\(configuration.defaultLanguage) is no language tag; write one such as fr")
    }
    let folders = TemplateFolders(folders: configuration.folders)
    let found = ([configuration.text] + (configuration.html.map { [$0] } ?? [])).flatMap(folders.languages)
    defaultSet = try TemplateSet(configuration, language: defaultLanguage)
    var sets = [defaultLanguage: defaultSet]
    for language in Set(found).subtracting([defaultLanguage]).sorted() {
      sets[language] = try TemplateSet(configuration, language: language)
    }
    self.sets = sets
  }

  /// The languages that there are templates for, sorted.
  package var languages: [String] { sets.keys.sorted() }

  package var usedFields: Set<String> { sets.values.reduce(into: []) { $0.formUnion($1.usedFields) } }

  /// - Throws: `.fieldMissing` with the names, joined by commas, that templates ask for and the invoice lacks, also in
  ///   sections (an empty field is there, and false in a section); `.messageTooLarge` when its values take up more than
  ///   1 MiB; `.invalidHeader` when a control character, such as a line break, got into the subject. All reject.
  package func render(_ invoice: Invoice, for delivery: DeliveryContext) async throws(StageError) -> Message {
    let set = LanguageTag.fallbacks(of: invoice.language ?? "").lazy.compactMap { sets[$0] }.first ?? defaultSet
    let values = InvoiceValues(of: invoice, language: set.language)
    let subject = set.subject.render(values)
    let text = set.text.render(values)
    let html = set.html?.render(values)

    guard values.missing.isEmpty else {
      throw StageError(.fieldMissing, values.missing.joined(separator: ", "), .reject)
    }
    guard !values.areTooLong else {
      let maximum = TemplateBounds.maximumValuesSizeInBytes
      throw StageError(.messageTooLarge, "the values in the templates have more than \(maximum) bytes", .reject)
    }
    guard !Self.isForbiddenInHeader(subject) else {
      let used = Set(set.subject.usedFields.map { $0.lowercased() })
      let fields = invoice.fields.filter { used.contains($0.key.lowercased()) && Self.isForbiddenInHeader($0.value) }
      throw StageError(.invalidHeader, (["Subject"] + fields.keys.sorted()).joined(separator: ": "), .reject)
    }
    let pdf = Attachment(file: invoice.file, name: invoice.file.name, contentType: "application/pdf")
    let others = invoice.attachments.map {
      Attachment(file: $0, name: $0.name, contentType: ContentType.of(fileName: $0.name))
    }
    let recipients = Recipients(of: invoice)
    return Message(
      to: recipients.to, cc: recipients.cc, bcc: recipients.bcc, subject: subject, text: text, html: html,
      attachments: [pdf] + others)
  }

  /// Controls and line separators: refused, never stripped (RFC 5322, section 2.2).
  private static func isForbiddenInHeader(_ text: String) -> Bool {
    text.unicodeScalars.contains { scalar in
      [.control, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
    }
  }
}
