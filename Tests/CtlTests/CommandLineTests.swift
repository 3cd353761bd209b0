import Control
import Testing

@testable import Ctl

@Suite struct CommandLineTests {
  @Test("global options stand before or behind the command")
  func global() throws {
    for arguments in [
      ["--socket", "/s", "--json", "--locale", "en", "status"],
      ["status", "--socket", "/s", "--json", "--locale", "en"],
      ["--json", "status", "--locale", "en", "--socket", "/s"],
    ] {
      let global = try #require(try Invoicectl.parseAsRoot(arguments) as? StatusCommand).global
      #expect(global.socketPath() == "/s")
      #expect(global.json)
      #expect(global.locale == .en)
    }
  }

  @Test("the socket is the system's, unless only the user's is there")
  func socket() throws {
    let options = try GlobalOptions.parse([])
    let own = "/run/user/7/invoiced/invoiced.sock"
    let environment = ["XDG_RUNTIME_DIR": "/run/user/7"]
    #expect(options.socketPath(environment: environment) { _ in true } == GlobalOptions.systemSocket)
    #expect(options.socketPath(environment: environment) { $0 == own } == own)
    #expect(options.socketPath(environment: environment) { _ in false } == GlobalOptions.systemSocket)
    #expect(options.socketPath(environment: [:]) { $0 == own } == GlobalOptions.systemSocket)
  }

  @Test(
    "what makes no sense together is refused",
    arguments: [
      ["start", "--resend"], ["start", "--reason", "x"], ["start", "--all", "--cct", "A"], ["start", "--limit", "0"],
      ["start", "--dry-run", "--detach"], ["start", "--patience", "-1"], ["resolve", "1", "2", "sent", "--force"],
      ["resolve", "1", "2", "perhaps"], ["watch", "--after", "5"], ["invoices", "--failed", "--unsent"],
      ["import", "f", "--encoding", "ebcdic"], ["hold", "F1"], ["--locale", "de", "status"],
    ])
  func refused(_ arguments: [String]) {
    #expect(throws: (any Error).self) { try Invoicectl.parseAsRoot(arguments) }
  }

  @Test("several numbers stand behind one --number, or it is repeated")
  func numbers() throws {
    for arguments in [["start", "--number", "F1", "F2"], ["start", "--number", "F1", "--number", "F2"]] {
      let command = try #require(try Invoicectl.parseAsRoot(arguments) as? StartCommand)
      #expect(command.conditions.filter.numbers == ["F1", "F2"])
    }
  }
}
