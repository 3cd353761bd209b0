import Control
import Model

/// What `import` says.
extension Wording {
  func problem(_ problem: JobsInterface.ImportProblem, of name: String) -> String {
    "\(name):\(problem.line): \(what(problem))"
  }

  func warning(_ warning: JobsInterface.ImportProblem, of name: String) -> String {
    let mark = choose(fr: "attention : ", en: "warning: ")
    return "\(name):\(warning.line): \(mark)\(what(warning))"
  }

  private func what(_ problem: JobsInterface.ImportProblem) -> String {
    let reason = sentences.importProblem(problem.code)
    let colon = choose(fr: " : ", en: ": ")
    let column = problem.column.map { choose(fr: "colonne « \($0) »", en: "column \"\($0)\"") + colon } ?? ""
    return column + reason + (problem.value.isEmpty ? "" : colon + problem.value)
  }

  func change(_ change: JobsInterface.ImportChange) -> String {
    let fields = change.fields.joined(separator: ", ")
    return choose(
      fr: "Facture \(change.number) modifiée : \(fields)", en: "Invoice \(change.number) changed: \(fields)")
  }

  /// - Parameter canSkip: whether the good lines could be imported alone; not with a wrong header or a
  ///   quotation without an end.
  func imported(_ report: JobsInterface.ImportReport, canSkip: Bool) -> String {
    guard report.applied else {
      guard canSkip else {
        return choose(
          fr: "❌ Rien n'a été importé : corrigez l'en-tête ou les guillemets, --skip-bad n'y peut rien",
          en: "❌ Nothing was imported: correct the header or the quotation marks, --skip-bad is no help here")
      }
      return choose(
        fr: "❌ Rien n'a été importé : \(report.bad) ligne(s) en erreur. Corrigez-les, ou écartez-les avec --skip-bad",
        en: "❌ Nothing was imported: \(report.bad) bad line(s). Correct them, or leave them out with --skip-bad")
    }
    let bad =
      report.bad > 0
      ? choose(fr: ", \(report.bad) ligne(s) écartée(s)", en: ", \(report.bad) line(s) left out") : ""
    let warnings =
      report.warnings > 0
      ? choose(fr: ", \(report.warnings) avertissement(s)", en: ", \(report.warnings) warning(s)") : ""
    let (added, updated, unchanged) = (report.added, report.updated, report.unchanged)
    return choose(
      fr: "✅ Import terminé : \(added) ajoutée(s), \(updated) modifiée(s), \(unchanged) inchangée(s)",
      en: "✅ Import complete: \(added) added, \(updated) updated, \(unchanged) unchanged") + bad + warnings
  }

  func importReading(percent: Int?) -> String {
    let text = choose(fr: "Lecture", en: "Reading")
    return percent.map { text + choose(fr: " \($0) %", en: " \($0)%") } ?? text + "…"
  }

  var importChecking: String {
    choose(fr: "Vérification des factures et des fichiers…", en: "Checking invoices and files…")
  }

  func manifest(_ error: ManifestTextError) -> String {
    switch error {
    case .invalid(let encoding, let offset, let line, let suggestion):
      let (fr, en) = advice(suggestion)
      return choose(
        fr: "Ligne \(line), octet \(offset) : ce n'est pas du \(encoding.rawValue). \(fr)",
        en: "Line \(line), byte \(offset): this is not \(encoding.rawValue). \(en)")
    case .unclear(let line, let guess, let suggestion):
      return unclear(line, guess, suggestion)
    case .tooManyMarks(let line):
      return choose(
        fr:
          "Ligne \(line) : plus de \(String.maximumMarks) accents sur une même lettre. Retapez cette valeur à la main",
        en: "Line \(line): more than \(String.maximumMarks) accents on one letter. Type this value by hand")
    case .foreign(let path, let foreign):
      return self.foreign(foreign, path)
    case .notAFile(let path):
      return choose(
        fr: "\(path) n'est ni un fichier ni un tube (pipe).", en: "\(path) is neither a file nor a pipe.")
    case .tooLarge: return choose(fr: "Le manifeste est trop long.", en: "The manifest is too long.")
    case .system(let path, let reason):
      return choose(fr: "\(path) ne peut pas être lu : \(reason)", en: "\(path) cannot be read: \(reason)")
    }
  }

  private func advice(_ suggestion: ManifestEncoding?) -> (fr: String, en: String) {
    guard let suggestion else {
      return (
        "Le fichier est abîmé : enregistrez-le de nouveau au format « CSV UTF-8 »",
        "The file is damaged: save it again as \"CSV UTF-8\""
      )
    }
    return (
      "Essayez --encoding \(suggestion.rawValue), ou enregistrez le fichier au format « CSV UTF-8 »",
      "Try --encoding \(suggestion.rawValue), or save the file as \"CSV UTF-8\""
    )
  }

  private func unclear(_ line: Int, _ guess: ManifestReading, _ suggestion: ManifestReading) -> String {
    let name = suggestion.encoding.rawValue
    guard guess != suggestion else {
      return choose(
        fr: "Ligne \(line) : faut-il lire « \(guess.excerpt) » ? Si oui : --encoding \(name). "
          + "Sinon, enregistrez le fichier au format « CSV UTF-8 »",
        en: "Line \(line): is this \"\(guess.excerpt)\"? If so: --encoding \(name). "
          + "If not, save the file as \"CSV UTF-8\"")
    }
    return choose(
      fr: "Ligne \(line) : faut-il lire « \(suggestion.excerpt) » (--encoding \(name)) ou « \(guess.excerpt) » "
        + "(--encoding \(guess.encoding.rawValue)) ? Nommez l'encodage",
      en: "Line \(line): is this \"\(suggestion.excerpt)\" (--encoding \(name)) or \"\(guess.excerpt)\" "
        + "(--encoding \(guess.encoding.rawValue))? Name the encoding")
  }

  private func foreign(_ foreign: ForeignFile, _ path: String) -> String {
    let (fr, en) =
      switch foreign {
      case .empty: ("est vide", "is empty")
      case .excelWorkbook: ("est un classeur Excel (.xlsx)", "is an Excel workbook (.xlsx)")
      case .oldExcelWorkbook: ("est un classeur d'un ancien Excel (.xls)", "is a workbook of an old Excel (.xls)")
      case .openDocument: ("est un classeur LibreOffice (.ods)", "is a LibreOffice spreadsheet (.ods)")
      case .pdf: ("est un PDF", "is a PDF")
      case .html: ("est une page web (HTML)", "is a web page (HTML)")
      case .xml: ("est du XML", "is XML")
      case .archive: ("est une archive compressée", "is a compressed archive")
      }
    return choose(
      fr: "\(path) \(fr), et non un tableau en texte : enregistrez le tableau au format « CSV UTF-8 » et importez ce "
        + "fichier-là",
      en: "\(path) \(en), not a table in text: save the table as \"CSV UTF-8\" and import that file")
  }
}
