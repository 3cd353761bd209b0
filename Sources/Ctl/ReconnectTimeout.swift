import ArgumentParser

/// How long a daemon that restarts is waited for.
struct ReconnectTimeout: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Seconds to wait for the daemon to come back if the connection drops, for example during a restart.",
      valueName: "seconds"))
  var patience = 60

  func validate() throws {
    guard (0...86_400).contains(patience) else { throw ValidationError("--patience must be between 0 and 86400.") }
  }

  var duration: Duration { .seconds(patience) }
}
