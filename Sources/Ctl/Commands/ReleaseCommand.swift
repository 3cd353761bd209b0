import ArgumentParser
import Control

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
