import ArgumentParser
import Control
import Model

struct HistoryCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show who did what, when and why, the newest first.",
    discussion: """
      Of one job, of one invoice (also what was done to the jobs that have it), or of everything. A number that is a job's \
      means the job; --number takes it for an invoice's.
      """)

  @Argument(help: ArgumentHelp("A job's or an invoice's number.", valueName: "job or number")) var subject: String?
  @Option(help: "An invoice's number.") var number: String?
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if subject != nil, number != nil { throw ValidationError("Give either an argument or --number.") }
  }

  func run(_ context: Context) async throws {
    guard let job = subject.flatMap({ Int64($0) }) else { return try await show(context, job: nil, subject ?? number) }
    do {
      try await show(context, job: job, nil)
    } catch let error as VarlinkError where error.shortName == "NoSuchJob" {
      try await show(context, job: nil, subject)
    }
  }

  private func show(_ context: Context, job: Int64?, _ number: String?) async throws {
    let wording = context.wording
    var table = wording.actionTable
    var isEmpty = true
    try await context.pages(
      of: JobsInterface.ListActions.self, list: "actions",
      { .init(job: job, number: number, after: $0, limit: Context.pageSize) }, next: \.next
    ) { values, reply in
      try context.print(json: values)
      guard !context.json, !reply.actions.isEmpty else { return }
      isEmpty = false
      for action in reply.actions { wording.add(action, to: &table) }
      try context.print(&table)
    }
    if isEmpty { context.advise(wording.noAction) }
  }
}
