import ArgumentParser
import Control
import Foundation

struct WebCommand: ClientCommand {
  static let configuration = CommandConfiguration(
    commandName: "web",
    abstract: "Print an address that opens the page of invoiced-sse in a browser, once.",
    discussion: """
      The code in the address is valid for a minute, or with --for for an hour, and for one browser. It follows the #, \
      so that browsers do not send it along. The user's name determines what is permitted: see --start in \
      invoiced-sse(8).
      """)

  @Option(
    name: .customLong("for"), help: ArgumentHelp("Create the address for another user, by name.", valueName: "name"))
  var person: String?

  @Option(help: "The address of the page as seen by that browser.")
  var url = "http://127.0.0.1:8025/"

  @OptionGroup var global: GlobalOptions

  func validate() throws {
    guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme),
      parts.host?.isEmpty == false,
      parts.fragment == nil
    else { throw ValidationError("--url: not the address of a page, such as https://invoices.example/: \(url)") }
  }

  func run(_ context: Context) async throws {
    let reply = try await context.connect().call(JobsInterface.MakeWebCode.self, .init(name: person))
    let address = "\(url)#code=\(reply.code)"
    if context.json {
      try context.print(json: Line(url: address, name: reply.name, expiresAt: reply.expiresAt))
    } else {
      try context.print(address)
    }
  }

  private struct Line: Encodable {
    var url: String
    var name: String
    var expiresAt: Date

    enum CodingKeys: String, CodingKey {
      case url, name
      case expiresAt = "expires_at"
    }
  }
}
