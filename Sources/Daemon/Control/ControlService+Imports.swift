import Control
import Import
import Model
import Store

extension ControlService {
  /// Problems or changes in one reply.
  private static let importPage = 100

  func beginImport(_ call: VarlinkCall) async throws {
    guard !stopping.isSet else { throw VarlinkError.shuttingDown }
    let parameters = try call.parameters(as: JobsInterface.BeginImport.Parameters.self)
    guard parameters.folder.hasPrefix("/"), let format = ManifestFormat(rawValue: parameters.format.rawValue) else {
      throw VarlinkError.invalidParameter("folder")
    }
    let running = current.value
    let parser = ManifestParser(
      format: format, folder: parameters.folder, mapping: running.columns, usedFields: running.usedFields)
    let id: String
    do {
      id = try await imports.begin(parser, running.fileCheck, connection: call.connection.id)
    } catch is Imports.TooMany {
      throw VarlinkError.storeUnavailable("too many imports at once; try again later")
    }
    if !call.connection.onClose({ [imports] in await imports.drop(id) }) { await imports.drop(id) }
    try await call.reply(JobsInterface.BeginImport.Reply(importID: id))
  }

  func addRows(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.AddRows.Parameters.self)
    guard parameters.text.utf8.count <= JobsInterface.AddRows.maximumTextSizeInBytes else {
      throw VarlinkError.invalidParameter("text")
    }
    let found = try await imports.find(parameters.importID, connection: call.connection.id)
    try await found.using { try await found.add(parameters.text) }
    try await call.reply(Empty())
  }

  /// Problems and warnings, then changes, in pages; then the report.
  func commitImport(_ call: VarlinkCall) async throws {
    let parameters = try call.parameters(as: JobsInterface.CommitImport.Parameters.self)
    let found = try await imports.find(parameters.importID, connection: call.connection.id)
    try await found.using { try await commit(found, skipBad: parameters.skipBad ?? false, call) }
  }

  private func commit(_ found: OpenImport, skipBad: Bool, _ call: VarlinkCall) async throws {
    let id = found.id
    let isReadable = try await found.finish()
    var lastProblem: Store.StagedProblem?
    var isBad = false
    while true {
      let page = try await store.problems(of: id, after: lastProblem, limit: Self.importPage)
      guard let end = page.last else { break }
      lastProblem = end
      let found = page.map(\.problem)
      let problems = found.filter { !$0.code.isWarning }.map(JobsInterface.ImportProblem.init)
      let warnings = found.filter(\.code.isWarning).map(JobsInterface.ImportProblem.init)
      isBad = isBad || !problems.isEmpty
      try await call.reply(
        JobsInterface.CommitImport.Reply(
          problems: problems.isEmpty ? nil : problems, warnings: warnings.isEmpty ? nil : warnings),
        continues: true)
    }
    if !isBad || skipBad, isReadable {
      var last = ""
      while true {
        let page = try await store.pendingChanges(of: id, after: last, limit: Self.importPage)
        guard let end = page.last else { break }
        last = end.number
        let changes = page.map { JobsInterface.ImportChange(number: $0.number, fields: $0.fields) }
        try await call.reply(JobsInterface.CommitImport.Reply(changes: changes), continues: true)
      }
    }
    let result = try await store.applyImport(id, skipBad: skipBad && isReadable, by: await person(call))
    await imports.forget(id)
    try await call.reply(
      JobsInterface.CommitImport.Reply(
        report: JobsInterface.ImportReport(
          added: result.added, updated: result.updated, unchanged: result.unchanged, bad: result.bad,
          warnings: result.warnings, applied: result.applied)))
  }
}
