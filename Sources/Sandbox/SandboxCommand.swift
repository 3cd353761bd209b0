import ArgumentParser
import Foundation

/// `invoiced-sandbox`: a stand-in for Gmail's API on this machine; no mail leaves it.
@main
struct SandboxCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invoiced-sandbox",
    abstract: "Stand in for Gmail's API: answer like Gmail, store every mail in a folder, and send none.",
    discussion: """
      Its address is the first line of its output, and the content of DIR/url. Credentials for it are \
      DIR/authorized_user.json and DIR/service_account.json; its certificate verifies against DIR/ca.pem.
      """)

  @OptionGroup var options: Options

  func run() async throws {
    let folder = try StateFolder(options.state)
    let certificate = try await Certificate(in: folder)
    let server = try await Server(port: options.port, certificate: certificate, http1Only: options.http1)
    let credentials = try await Credentials(in: folder, tokenURI: server.url + "/token")

    let log = try Log(file: folder.log)
    let postponed = Postponed()
    let scenario = Scenario()
    if let file = options.scenario {
      scenario.add(try JSONDecoder().decode(Scenario.Rules.self, from: Data(contentsOf: URL(filePath: file))).rules)
    }
    let clock = ServerClock(ahead: TimeInterval(options.clockAhead))
    let tokens = Tokens(lifetime: options.tokenLifetime)
    let mailbox = try Mailbox(
      folder: folder, account: options.account, messagesPerDay: options.messagesPerDay,
      rateLimit: .seconds(options.ratelimitSeconds), log: log)
    let service = Service(
      api: API(
        account: options.account, folder: folder, mailbox: mailbox, tokens: tokens,
        quota: Quota(unitsPerMinute: options.unitsPerMinute, callsAtOnce: options.callsAtOnce),
        slowness: .milliseconds(options.slowMs)),
      tokenEndpoint: TokenEndpoint(
        account: options.account, scopes: options.grantedScopes, credentials: credentials, tokens: tokens,
        clock: clock),
      control: ControlEndpoint(
        mailbox: mailbox, tokens: tokens, scenario: scenario, log: log, incoming: folder.incoming),
      scenario: scenario, postponed: postponed, log: log, clock: clock,
      latency: .milliseconds(options.latencyMs))

    try folder.announce(server.url)
    FileHandle.standardOutput.write(Data((server.url + "\n").utf8))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await postponed.run() }
      try await server.run(service)
      group.cancelAll()
    }
  }
}
