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
