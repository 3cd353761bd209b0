import ArgumentParser
import Control
import Model

struct HistoryCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Show who did what, when and why, newest first.",
    discussion: """
      The history is that of one job, of one invoice (including the actions on jobs that contain it), or of \
      everything. If the number is that of a job, it means the job; use --number for an invoice with the same number.
      """)

  @Argument(help: ArgumentHelp("The number of a job or an invoice.", valueName: "job or number")) var subject: String?
  @Option(help: "The number of an invoice.") var number: String?
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if subject != nil, number != nil { throw ValidationError("--number cannot be combined with an argument.") }
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
