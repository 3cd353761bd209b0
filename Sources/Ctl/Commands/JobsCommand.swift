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
      try context.print(json: values)
      guard !context.json, !reply.jobs.isEmpty else { return }
      isEmpty = false
      for job in reply.jobs { wording.add(job, to: &table) }
      try context.print(&table)
    }
    if isEmpty { context.advise(wording.noJob) }
  }
}
