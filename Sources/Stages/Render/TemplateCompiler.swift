import Mustache

/// Turns the Mustache texts of one language and one kind into templates, their partials included.
///
/// Whatever the library would silently render as nothing (a partial that is not there, a part of a value that does
/// not exist), or could not end (a partial inside itself, what exceeds `TemplateBounds`), is an error here, with file,
/// line and column.
struct TemplateCompiler {
  enum Kind: Sendable {
    case subject, text, html

    /// How values are escaped: the library is told in every partial anew.
    var pragma: String { "{{% CONTENT_TYPE:\(self == .html ? HTMLLines.name : "TEXT")}}\n" }
  }

  let folders: TemplateFolders
  let kind: Kind
  let language: String
  private(set) var library = MustacheLibrary()
  /// Names of the values that are shown, or decide about a section.
  private(set) var usedFields: Set<String> = []
  /// Partials that are being compiled, outermost first.
  private var open: [String] = []
  /// Partials that have been compiled, by name.
  private var outlines: [String: TemplateOutline] = [:]
  private var work = TemplateBounds.maximumWork

  init(folders: TemplateFolders, kind: Kind, language: String) {
    self.folders = folders
    self.kind = kind
    self.language = language
  }

  /// - Parameter file: what errors call it.
  mutating func compile(_ text: String, file: String) throws(TemplateError) -> MustacheTemplate {
    try TemplateBounds.checkMarks(of: text, file: file)
    let (template, outline) = try read(text, file: file)
    try TemplateExpansion.check(outline, partials: outlines)
    return template
  }

  private mutating func read(
    _ text: String, file: String
  ) throws(TemplateError) -> (MustacheTemplate, TemplateOutline) {
    let text = TemplateFolders.text(text, in: language)
    let outline = try TemplateOutline(text, file: file, work: &work)
    let template = try parse(text, file: file)
    for tag in outline.tags {
      if let reason = objection(to: tag) {
        throw TemplateError(file: file, line: tag.line, column: tag.column, reason: reason)
      }
      if tag.isValue { usedFields.insert(tag.name) }
      guard tag.sigil == ">" || tag.sigil == "<", library.getTemplate(named: tag.name) == nil else { continue }
      do {
        let (path, partial) = try folders.read(tag.name)
        open.append(tag.name)
        // A subject is one line; the line break that ends its file is not part of it.
        let body = kind == .subject && partial.hasSuffix("\n") ? String(partial.dropLast()) : partial
        let (template, outline) = try read(body, file: path)
        library.register(template, named: tag.name)
        outlines[tag.name] = outline
        open.removeLast()
      } catch  where error.file == tag.name {
        throw TemplateError(
          file: file, line: tag.line, column: tag.column, reason: "\(tag.name): \(error.reason)")
      }
    }
    return (template, outline)
  }

  private func parse(_ text: String, file: String) throws(TemplateError) -> MustacheTemplate {
    do {
      return try MustacheTemplate(string: kind.pragma + text)
    } catch let error as MustacheTemplate.ParserError {
      throw TemplateError(
        file: file, line: error.context.lineNumber - 1,  // that of the pragma
        column: error.context.columnNumber, reason: Self.reason(for: error.error))
    } catch {
      throw TemplateError(file: file, reason: "\(error)")
    }
  }

  /// Why this tag cannot be used, or nil.
  private func objection(to tag: TemplateTag) -> String? {
    switch tag.sigil {
    case "!", "%", "$": return nil
    case ">", "<":
      if tag.name.contains("/") { return "\(tag.name): a partial is named without a folder" }
      if tag.name.contains("*") { return "\(tag.name): the name of a partial cannot be a value" }
      if open.contains(tag.name) { return "\(tag.name) contains itself; take one of the two out" }
      if open.count >= TemplateBounds.maximumDepth {
        return "more than \(TemplateBounds.maximumDepth) partials inside each other; take some out"
      }
      return nil
    default: break
    }
    if tag.name.isEmpty { return "this tag has no name" }
    if tag.name.contains("(") { return "\(tag.name): functions cannot be used; write the value itself" }
    if tag.name == "." || !tag.name.contains(".") { return nil }
    let parts = tag.name.lowercased().split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts[0] == "period", InvoiceValues.partsOfPeriod.contains(parts[1]) else {
      let known = InvoiceValues.partsOfPeriod.map { "period.\($0)" }.joined(separator: ", ")
      return "\(tag.name): there is no such value; names with a dot are \(known)"
    }
    if parts[1] == "month_name", MonthNames.name(of: 1, in: language) == nil {
      let known = MonthNames.languages.joined(separator: ", ")
      return "period.month_name is known in \(known) only; write {{period.month}} for the language \(language)"
    }
    return nil
  }

  private static func reason(for error: any Error) -> String {
    switch error {
    case MustacheTemplate.Error.sectionCloseNameIncorrect:
      "this closes a section that is not the one open here"
    case MustacheTemplate.Error.expectedSectionEnd:
      "a section is not closed before the end of the file"
    case MustacheTemplate.Error.unfinishedName:
      "this tag is not right: a name is made of a-z, A-Z, 0-9, - and _, and }} follows it"
    case let error as MustacheTemplate.Error:
      "this tag is not right: \(error)"
    default:
      "a tag or a section is not closed before the end of the file"
    }
  }
}
