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

  func imported(_ report: JobsInterface.ImportReport) -> String {
    guard report.applied else {
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
    case .invalid(let encoding, let offset, let line):
      choose(
        fr: "Ligne \(line), octet \(offset) : pas du \(encoding.rawValue). Nommez l'encodage : --encoding windows-1252",
        en: "Line \(line), byte \(offset): no \(encoding.rawValue). Name the encoding: --encoding windows-1252")
    case .tooLarge: choose(fr: "Le manifeste est trop long.", en: "The manifest is too long.")
    case .system(let path, let reason):
      choose(fr: "\(path) ne peut pas être lu : \(reason)", en: "\(path) cannot be read: \(reason)")
    }
  }
}
