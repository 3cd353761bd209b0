/// What the configuration says of `render: {use: template, …}`.
///
/// In each of the three texts, and in the name of a partial inside them, `{language}` stands for the language tag of
/// the invoice: `invoice.{language}.txt`, `{{> footer.{language}.txt}}`.
package struct TemplateConfiguration: Sendable, Hashable {
  /// Folders with templates, searched in this order for each file: the first one that holds it wins.
  /// One that is not there is passed over.
  package var folders: [String]
  /// The subject, as a Mustache text: `Facture {{number}} – {{period}}`.
  package var subject: String
  /// Name of the file with the plain text, without a folder.
  package var text: String
  /// Name of the file with the HTML; nil: the mail has plain text only.
  package var html: String?
  /// Language tag (RFC 5646) for invoices without a language, or with one that has no templates.
  package var defaultLanguage: String

  package init(folders: [String], subject: String, text: String, html: String?, defaultLanguage: String) {
    self.folders = folders
    self.subject = subject
    self.text = text
    self.html = html
    self.defaultLanguage = defaultLanguage
  }
}

extension TemplateRender {
  /// Reads the stage's own mapping of the configuration.
  init(_ settings: Settings, templates: [String]) throws {
    let (subject, text) = (try settings.text("subject"), try settings.text("text"))
    let html = try settings.text("html")
    let defaultLanguage = try settings.text("default_language", default: "fr")
    // Before what is missing: a key that is misspelt is both.
    try settings.finish()
    guard let subject else { throw settings.missing("subject") }
    guard let text else { throw settings.missing("text") }
    let configuration = TemplateConfiguration(
      folders: templates, subject: subject, text: text, html: html, defaultLanguage: defaultLanguage)
    do {
      self = try TemplateRender(configuration)
    } catch {
      throw SettingsError("\(settings.path): \(error)", at: settings.place)
    }
  }
}
