import Control

/// What an import answered, collected from its pages.
struct ImportResult: Sendable {
  /// The manifest, as the person named it.
  let name: String
  private(set) var problems: [JobsInterface.ImportProblem] = []
  private(set) var warnings: [JobsInterface.ImportProblem] = []
  private(set) var changes: [JobsInterface.ImportChange] = []
  private(set) var report: JobsInterface.ImportReport?

  init(name: String) { self.name = name }

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
      + changes.map(wording.change) + [wording.imported(report)]
  }
}
