import ArgumentParser
import Control
import Model

struct ResolveCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Decide whether a delivery with an unknown outcome was sent.",
    discussion: """
      Look into the sender's sent mails first. With sent, the invoice counts as sent. With not-sent, the draft is \
      deleted and the same job sends the invoice again or, if the job was cancelled, does not send it at all. If the \
      draft is gone, the mail may have been sent, and not-sent requires --force.

      After the database was restored from a backup, "all" decides every delivery of the job that needs a decision \
      because of the restore, and no other.
      """)

  enum Outcome: String, ExpressibleByArgument, CaseIterable {
    case sent
    case notSent = "not-sent"
  }

  @Argument(help: "The job's number.") var job: Int64
  @Argument(help: "The delivery's position in the job, as printed by show; or all, after a restore.")
  var delivery: DeliveryChoice
  @Argument(help: "sent or not-sent.") var outcome: Outcome
  @Flag(help: "Decide not-sent even if the draft is gone: the customer may get the invoice twice.") var force = false
  @OptionGroup var global: GlobalOptions

  func validate() throws {
    if force && outcome == .sent { throw ValidationError("--force can be used only with not-sent.") }
  }

  func run(_ context: Context) async throws {
    let daemon = try await context.connect()
    for seen in try await chosen(context) { try await resolve(seen, daemon, context) }
    await daemon.close()
  }

  /// Each with the attempt that stands there now: it is the one that the person means.
  private func chosen(_ context: Context) async throws -> [Delivery] {
    switch delivery {
    case .one(let position):
      let page = try await context.connect().call(
        JobsInterface.ListDeliveries.self, .init(job: job, after: Int64(position) - 1, limit: 1))
      guard let seen = page.deliveries.first, seen.position == position else {
        throw VarlinkError.noSuchDelivery(job: job, position: position)
      }
      return [seen]
    case .all:
      var restored: [Delivery] = []
      try await context.deliveries(job: job, states: [.unknown]) { _, page in
        restored += page.filter { $0.code == .restored }
      }
      guard !restored.isEmpty else {
        throw Failure(.refused, "NothingMatched", context.wording.nothingRestored(job))
      }
      return restored
    }
  }

  private func resolve(_ seen: Delivery, _ daemon: VarlinkClient, _ context: Context) async throws {
    let decided: JobsInterface.Resolve.Outcome = outcome == .sent ? .sent : .notSent
    let reply = try await daemon.exchange(
      JobsInterface.Resolve.self,
      .init(job: job, position: seen.position, attempt: seen.attempt, outcome: decided, force: force ? true : nil))
    if context.json {
      guard let value = reply.fields["delivery"] else { return }
      return try context.print(json: value)
    }
    try context.print(context.wording.resolved(reply.parameters.delivery))
  }
}

/// Which deliveries a person decides about.
enum DeliveryChoice: ExpressibleByArgument, Equatable {
  case one(Int)
  /// Those of a restored store.
  case all

  init?(argument: String) {
    if argument == "all" {
      self = .all
    } else if let position = Int(argument) {
      self = .one(position)
    } else {
      return nil
    }
  }
}
