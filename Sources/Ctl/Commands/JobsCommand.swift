import ArgumentParser
import Control

struct JobsCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "jobs", abstract: "List the jobs, newest first.")

  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    let wording = context.wording
    var table = wording.jobTable
    var isEmpty = true
    try await context.pages(
      of: JobsInterface.ListJobs.self, list: "jobs", { .init(after: $0, limit: Context.pageSize) }, next: \.next
    ) { values, reply in
      for value in values { try context.print(json: value) }
      if !reply.jobs.isEmpty { isEmpty = false }
      if !context.json { for job in reply.jobs { wording.add(job, to: &table) } }
    }
    guard !context.json else { return }
    if isEmpty { context.advise(wording.noJob) } else { try context.print(table) }
  }
}
