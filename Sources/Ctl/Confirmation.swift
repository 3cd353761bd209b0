import Control
import Model

/// What is about to be sent, and whether it may be: asked of the person at the terminal.
struct Confirmation: Sendable {
  /// A yes.
  struct Answer: Sendable {
    /// Which series a pipeline that begins goes on with; nil: nobody had to say.
    var series: String?
  }

  let selection: JobsInterface.Selection
  let testTo: String?
  let resend: Bool

  /// Whether to start; by default not (nil). Says so when nothing was sent, and throws the `Ending` of a start that has
  /// nothing to send.
  func ask(_ context: Context) async throws -> Answer? {
    let wording = context.wording
    guard let (plan, series) = try await plan(context) else {
      try context.print(wording.notStarted)
      return nil
    }
    // The plan counts what is due; a resend takes invoices that were sent, too.
    guard plan.due > 0 || resend && plan.already > 0 else { return try end(plan, context) }
    let again = resend ? min(plan.already, selection.filter.limit ?? .max) : 0
    try context.print(wording.planned(plan, again: again, limit: selection.filter.limit))
    if let occasion = selection.occasion { try context.print(wording.further(occasion)) }
    // Of what is due alone.
    if again == 0 && !plan.periods.isEmpty { try context.print(wording.plannedPeriods(plan.periods)) }
    if !plan.examples.isEmpty { try context.print(wording.plannedExamples) }
    for line in plan.examples { try context.print(wording.example(line)) }
    if let text = wording.leftOut(plan, already: !resend) { try context.print(text) }
    if again > 0 { try context.print(wording.alsoSent(again)) }
    if let testTo { try context.print(wording.testRecipient(testTo)) }
    guard Wording.isYes(try read(wording.question)) else {
      try context.print(wording.notStarted)
      return nil
    }
    return Answer(series: series)
  }

  /// The plan, after the person has said which series the pipeline goes on with, where that is a question; nil: they have
  /// not.
  private func plan(_ context: Context) async throws -> (JobsInterface.Plan, series: String?)? {
    let daemon = try await context.connect()
    var selection = selection
    var plan = try await daemon.call(JobsInterface.PlanJob.self, selection).plan
    if let question = plan.question {
      try context.print(context.wording.undecided(question))
      let answer = try read(context.wording.seriesQuestion(question)).filter { !$0.isWhitespace }
      guard ([Wording.newSeries] + question.others.map(\.series)).contains(answer) else { return nil }
      selection.series = answer
      plan = try await daemon.call(JobsInterface.PlanJob.self, selection).plan
    }
    await daemon.close()
    return (plan, selection.series)
  }

  /// Of a plan without anything to send.
  private func end(_ plan: JobsInterface.Plan, _ context: Context) throws -> Answer? {
    try context.print(context.wording.nothingDue)
    if let text = context.wording.leftOut(plan, already: true) { try context.print(text) }
    let counts = plan.leftOut
    guard counts.already + counts.inOtherJobs + counts.toCheck > 0 else { throw Ending(status: .refused) }
    let status = ExitStatus(state: .completed, counts: counts)
    if status != .success { throw Ending(status: status) }
    return nil
  }

  /// A line of the person's; the end of the input is an empty one.
  private func read(_ prompt: String) throws -> String {
    try Output.write(prompt)
    if let line = readLine() { return line }
    try Output.write("\n")  // it leaves the cursor behind the prompt
    return ""
  }
}
