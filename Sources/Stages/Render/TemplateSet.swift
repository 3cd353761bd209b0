import Mustache

/// The templates of one language, ready to be rendered.
struct TemplateSet: Sendable {
  /// A template with the partials that it may name.
  struct Part: Sendable {
    let template: MustacheTemplate
    let library: MustacheLibrary
    let usedFields: Set<String>

    func render(_ values: InvoiceValues) -> String { template.render(values, library: library) }
  }

  let language: String
  let subject: Part
  let text: Part
  let html: Part?

  /// Names of the values that its texts may show.
  var usedFields: Set<String> { [subject, text, html].reduce(into: []) { $0.formUnion($1?.usedFields ?? []) } }

  init(_ configuration: TemplateConfiguration, language: String) throws(TemplateError) {
    let folders = TemplateFolders(folders: configuration.folders)

    func part(_ kind: TemplateCompiler.Kind, file: String) throws(TemplateError) -> Part {
      let (path, text) = try folders.read(TemplateFolders.text(file, in: language))
      return try part(kind, path, text)
    }
    func part(_ kind: TemplateCompiler.Kind, _ path: String, _ text: String) throws(TemplateError) -> Part {
      var compiler = TemplateCompiler(folders: folders, kind: kind, language: language)
      let template = try compiler.compile(text, file: path)
      return Part(template: template, library: compiler.library, usedFields: compiler.usedFields)
    }

    self.language = language
    subject = try part(.subject, "subject", configuration.subject)
    text = try part(.text, file: configuration.text)
    if let html = configuration.html {
      self.html = try part(.html, file: html)
    } else {
      html = nil
    }
  }
}
