import Control
import Systemd

/// Where the daemon is spoken to.
struct ControlSockets {
  /// For those who may send.
  var control: ListeningSocket
  /// For those who only watch; nil: there is none.
  var watch: ListeningSocket?

  /// Those that systemd passed, by their names, else those of the options.
  init(_ activated: inout ActivatedSockets, folders: Folders, watch: String?) throws {
    control = try activated.take(named: "varlink").map { .descriptor($0) } ?? .path(folders.socket)
    self.watch = try activated.take(named: "watch").map { .descriptor($0) } ?? watch.map { .path($0) }
  }
}
