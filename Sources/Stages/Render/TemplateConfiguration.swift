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
