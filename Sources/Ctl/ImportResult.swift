import Control
import Model

/// What an import answered, collected from its pages.
struct ImportResult: Sendable {
  /// The manifest, as the person named it.
  let name: String
  /// Whether the good lines were to be imported alone.
  let skipBad: Bool
  private(set) var problems: [JobsInterface.ImportProblem] = []
  private(set) var warnings: [JobsInterface.ImportProblem] = []
  private(set) var changes: [JobsInterface.ImportChange] = []
  private(set) var report: JobsInterface.ImportReport?

  init(name: String, skipBad: Bool) {
    self.name = name
    self.skipBad = skipBad
  }

  mutating func add(_ reply: JobsInterface.CommitImport.Reply) {
    problems += reply.problems ?? []
    warnings += reply.warnings ?? []
    changes += reply.changes ?? []
    report = reply.report ?? report
  }

  /// Problems and warnings, each by line, changes, and at last the report.
  func lines(_ report: JobsInterface.ImportReport, _ wording: Wording) -> [String] {
    let byLine = { (list: [JobsInterface.ImportProblem]) in
      list.sorted { ($0.line, $0.column ?? "") < ($1.line, $1.column ?? "") }
    }
    return byLine(problems).map { wording.problem($0, of: name) }
      + byLine(warnings).map { wording.warning($0, of: name) }
      + changes.map(wording.change) + [wording.imported(report, canSkip: canSkip)]
  }

  /// Not below a wrong header; and what --skip-bad did not leave out has no end that anybody knows.
  private var canSkip: Bool {
    !skipBad && !problems.contains { $0.code == ImportProblemCode.headerFound.rawValue }
  }
}
