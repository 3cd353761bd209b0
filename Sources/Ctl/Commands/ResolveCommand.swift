import ArgumentParser
import Control
import Model

struct ResolveCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Decide about a delivery of which nobody knows whether it was sent.",
    discussion: """
      Look into the sender's sent mails first. With sent, the invoice counts as sent. With not-sent, the draft is \
      taken back and the invoice is sent again by the same job (or, if that was cancelled, not at all). When the draft is \
      gone the mail may have been sent, and only --force decides not-sent all the same.
      """)

  enum Outcome: String, ExpressibleByArgument, CaseIterable {
    case sent
    case notSent = "not-sent"
  }

  @Argument(help: "The job's number.") var job: Int64
  @Argument(help: "The delivery's position in the job, as show prints it.") var delivery: Int
  @Argument(help: "sent or not-sent.") var outcome: Outcome
  @Flag(help: "Decide not-sent although the draft is gone: the customer may get the invoice twice.") var force = false
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if force && outcome == .sent { throw ValidationError("--force goes with not-sent.") }
  }

  func run(_ context: Context) async throws {
    let daemon = try await context.connect()
    // The attempt that the person means is the one that stands there now.
    let page = try await daemon.call(
      JobsInterface.ListDeliveries.self, .init(job: job, after: Int64(delivery) - 1, limit: 1))
    guard let seen = page.deliveries.first, seen.position == delivery else {
      throw VarlinkError.noSuchDelivery(job: job, position: delivery)
    }
    let decided: JobsInterface.Resolve.Outcome = outcome == .sent ? .sent : .notSent
    let reply = try await daemon.exchange(
      JobsInterface.Resolve.self,
      .init(job: job, position: delivery, attempt: seen.attempt, outcome: decided, force: force ? true : nil))
    if context.json {
      guard let value = try WireJSON.decode(JSON.self, from: reply.json)["delivery"] else { return }
      return try context.print(json: value)
    }
    try context.print(context.wording.resolved(reply.parameters.delivery))
  }
}
