import ArgumentParser
import Control

/// A command that talks to the daemon.
protocol ClientCommand: AsyncParsableCommand {
  var global: GlobalOptions { get }

  /// Does the work. Throws `Failure`, `VarlinkError` or what the client throws when it cannot reach the daemon; and
  /// `Ending` when the work is done and the exit status is not zero.
  func run(_ context: Context) async throws
}

extension ClientCommand {
  func run() async throws { try await run(Context(global)) }
}
