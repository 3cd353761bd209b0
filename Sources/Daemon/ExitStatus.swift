/// How the daemon ends; sysexits(3) for the configuration, as systemd.exec(5) names it.
enum ExitStatus: Int32, Error {
  case failure = 1
  /// Another daemon has the state folder.
  case locked = 3
  /// The configuration, or the command line's folders, cannot be used: a restart would not help.
  case configuration = 78
}
