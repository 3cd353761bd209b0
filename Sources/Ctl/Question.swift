import Control
import Model

/// What is about to be sent, and whether it may be: asked of the person at the terminal.
struct Question: Sendable {
  let selection: JobsInterface.Selection
  let testTo: String?
  let resend: Bool

  /// Whether to start; by default not. Says so when there is nothing to send, or nothing was sent.
  func ask(_ context: Context) async throws -> Bool {
    let daemon = try await context.connect()
    let plan = try await daemon.call(JobsInterface.PlanJob.self, selection).plan
    await daemon.close()
    let wording = context.wording
    // The plan counts what is due; a resend takes invoices that were sent, too.
    guard plan.due > 0 || resend && plan.already > 0 else {
      try context.print(wording.nothingDue)
      if let text = wording.leftOut(plan, already: true) { try context.print(text) }
      return false
    }
    try context.print(wording.planned(plan))
    if !plan.periods.isEmpty { try context.print(wording.plannedPeriods(plan.periods)) }
    if !plan.examples.isEmpty { try context.print(wording.plannedExamples) }
    for line in plan.examples { try context.print(wording.example(line)) }
    if let text = wording.leftOut(plan, already: !resend) { try context.print(text) }
    if resend && plan.already > 0 { try context.print(wording.alsoSent(plan.already)) }
    if let testTo { try context.print(wording.testRecipient(testTo)) }
    try Output.write(wording.question)
    let answer = readLine()
    if answer == nil { try Output.write("\n") }  // end of input leaves the cursor behind the question
    guard Wording.isYes(answer ?? "") else {
      try context.print(wording.notStarted)
      return false
    }
    return true
  }
}
