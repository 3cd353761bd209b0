import ArgumentParser

/// How long a daemon that restarts is waited for.
struct ReconnectTimeout: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Wait so long for a daemon that goes away meanwhile, such as for a restart.", valueName: "seconds"))
  var patience = 60

  func validate() throws {
    guard (0...86_400).contains(patience) else { throw ValidationError("--patience must be between 0 and 86400.") }
  }

  var duration: Duration { .seconds(patience) }
}
