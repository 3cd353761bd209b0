import Foundation

/// What standard input, output and error are connected to.
struct Terminal: Sendable {
  /// Whether a question can be asked: input and output are a terminal.
  var asks: Bool
  /// Whether standard output is a terminal that knows ANSI sequences.
  var draws: Bool
  /// Whether standard error is a terminal: hints for people go there.
  var advises: Bool
  /// Whether colours are wanted (https://no-color.org).
  var colours: Bool

  static func current(environment: [String: String] = ProcessInfo.processInfo.environment) -> Terminal {
    let output = isatty(STDOUT_FILENO) == 1
    let draws = output && (environment["TERM"] ?? "dumb") != "dumb"
    return Terminal(
      asks: output && isatty(STDIN_FILENO) == 1, draws: draws, advises: isatty(STDERR_FILENO) == 1,
      colours: draws && (environment["NO_COLOR"] ?? "").isEmpty)
  }

  /// Columns of the terminal behind standard output (TIOCGWINSZ, ioctl_tty(2)); 80 where it tells none.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
