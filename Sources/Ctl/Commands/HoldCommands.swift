import ArgumentParser
import Control

struct HoldCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "hold",
    abstract: "Prevent an invoice from being sent until it is released.",
    discussion: "A delivery of it that has not begun is skipped. One that is being sent, or was sent, is not affected.")

  @Argument(help: "The invoice's number.") var number: String
  @Option(help: ArgumentHelp("The reason, which is shown with the invoice.", valueName: "text")) var reason: String
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    _ = try await context.call(JobsInterface.HoldInvoice.self, .init(number: number, reason: reason))
    if context.json { return try context.print(json: ["held": number]) }
    try context.print(context.wording.held(number))
  }
}

struct ReleaseCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Release an invoice that is on hold, so that it can be sent again.")

  @Argument(help: "The invoice's number.") var number: String
  @OptionGroup var global: GlobalOptions

  func run(_ context: Context) async throws {
    _ = try await context.call(JobsInterface.ReleaseInvoice.self, .init(number: number))
    if context.json { return try context.print(json: ["released": number]) }
    try context.print(context.wording.released(number))
  }
}
