import ArgumentParser
import Control
import Model

extension Context {
  /// Between two attempts to connect: soon enough for a restart that takes a second, and no load.
  static let reconnectInterval = Duration.milliseconds(250)

  /// Whether an error says that the daemon went away, and not that it refused.
  static func isLoss(_ error: any Error) -> Bool {
    switch error {
    case VarlinkClient.Failure.connectionLost, VarlinkClient.Failure.unreachable: true
    case let error as VarlinkError: error == .shuttingDown
    default: false
    }
  }

  /// Connects to a daemon that went away, once it is back. Throws what the last attempt threw when the time is over.
  func reconnect(within patience: Duration) async throws -> VarlinkClient {
    let deadline = ContinuousClock.now + patience
    while true {
      try await Task.sleep(for: Self.reconnectInterval)
      do {
        return try await connect()
      } catch let error where Self.isLoss(error) && ContinuousClock.now < deadline {
        continue
      }
    }
  }

  /// Does something that may be done twice, again after a loss of the connection.
  ///
  /// A daemon that is not there at the first attempt is not waited for.
  func retryOnDisconnect<R: Sendable>(
    within patience: Duration, _ body: (VarlinkClient) async throws -> R
  ) async throws -> R {
    var client = try await connect()
    while true {
      do {
        return try await body(client)
      } catch let error where Self.isLoss(error) {
        Output.note(connectionLost(patience))
        client = try await reconnect(within: patience)
      }
    }
  }

  func connectionLost(_ patience: Duration) -> String {
    message("notice", code: "ConnectionLost", wording.connectionLost(seconds: Int(patience.seconds)))
  }
}

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
