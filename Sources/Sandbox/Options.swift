import ArgumentParser

/// The command line of `invoiced-sandbox`. Defaults are a paying Workspace account of 2026.
struct Options: ParsableArguments {
  @Option(help: "Folder for mails, drafts, log, certificates and credentials; created if missing.")
  var state: String

  @Option(help: "TCP port on 127.0.0.1; 0 selects a free one.")
  var port = 0

  @Option(help: "Delay of each answer in milliseconds, half of it before the call is executed and half after.")
  var latencyMs = 0

  @Option(help: "The address of the only mailbox.")
  var account = "billing@example.com"

  @Option(help: "Quota units per rolling minute; 0 is unlimited.")
  var unitsPerMinute = 6000

  @Option(help: "Concurrent calls; more get 429. 0 is unlimited.")
  var callsAtOnce = 10

  @Option(help: "Messages per rolling 24 hours; 0 is unlimited.")
  var messagesPerDay = 2000

  @Option(help: "Lifetime of an access token in seconds.")
  var tokenLifetime = 3600

  @Option(help: "Scopes of the tokens: names below https://www.googleapis.com/auth/, separated by commas.")
  var scopes = "gmail.compose"

  @Option(help: "How long a send to slow@… takes, in milliseconds.")
  var slowMs = 3000

  @Option(help: "How long a draft to ratelimit@… is told to wait, in seconds.")
  var ratelimitSeconds = 2

  @Option(help: "How far the stand-in's clock is ahead of this machine's, in seconds; negative: behind.")
  var clockAhead = 0

  @Option(help: "File with the rules of a scenario, which apply from the first call on.")
  var scenario: String?

  @Flag(help: "Offer only HTTP/1.1, and not HTTP/2.")
  var http1 = false

  /// The scopes as Google writes them.
  var grantedScopes: Set<String> {
    Set(scopes.split(separator: ",").map { Scope.prefix + $0.trimmingPrefix(" ") })
  }

  func validate() throws {
    guard (0...65535).contains(port) else { throw ValidationError("--port must be between 0 and 65535.") }
    let durations = [latencyMs, unitsPerMinute, callsAtOnce, messagesPerDay, tokenLifetime, slowMs, ratelimitSeconds]
    guard durations.allSatisfy({ $0 >= 0 }) else { throw ValidationError("Numbers must not be negative.") }
    guard account.contains("@") else { throw ValidationError("--account must be a mail address.") }
  }
}
