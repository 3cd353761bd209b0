import ArgumentParser
import Control
import Foundation

/// What every command understands, before or after its name.
struct GlobalOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The daemon's socket. Default: /run/invoiced/invoiced.sock or, if that does not exist, invoiced/invoiced.sock in \
      $XDG_RUNTIME_DIR.
      """,
      valueName: "path"))
  var socket: String?

  @Flag(help: "Print JSON lines for programs, as described in docs/json.md. Ask no questions, and draw no bar.")
  var json = false

  @Option(help: ArgumentHelp("Language of the messages: fr or en.", valueName: "language"))
  var locale: Language = .fr
}

extension GlobalOptions {
  /// The socket of the system's daemon.
  static let systemSocket = "/run/invoiced/invoiced.sock"

  var wording: Wording { Wording(language: locale) }

  /// Where the daemon is expected to listen.
  ///
  /// - Parameters:
  ///   - exists: whether there may be something at a path.
  func socketPath(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    exists: (String) -> Bool = GlobalOptions.mayExist
  ) -> String {
    if let socket { return socket }
    guard !exists(Self.systemSocket), let runtime = environment["XDG_RUNTIME_DIR"], !runtime.isEmpty else {
      return Self.systemSocket
    }
    let own = runtime + "/invoiced/invoiced.sock"
    return exists(own) ? own : Self.systemSocket
  }

  /// Only "no such file" proves that nothing is there: a folder that may not be entered hides its content.
  static func mayExist(_ path: String) -> Bool { access(path, F_OK) == 0 || errno != ENOENT }
}
