import Foundation

/// Where the daemon keeps and finds things: options first, then what systemd says (systemd.exec(5)), then the XDG base
/// directories of a user, then the system's folders.
struct Folders {
  var state: String
  var socket: String
  var configuration: String
  /// Files with secrets; nil: only absolute paths name a credential.
  var credentials: String?

  /// Where copies of the database are made.
  var backups: String { state + "/backups" }

  init(state: String?, socket: String?, configuration: String?, environment: [String: String], isRoot: Bool) {
    let home = environment["HOME"] ?? "/"
    func folder(_ unit: String, xdg: String, user: String, system: String) -> String {
      if let path = environment[unit], !path.isEmpty {
        return String(path.split(separator: ":").first ?? Substring(path))
      }
      if isRoot { return system }
      return (environment[xdg].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/\(user)") + "/invoiced"
    }
    // A copy of the database is handed to invoicectl, which may be in another folder.
    self.state = Self.absolute(
      state ?? folder("STATE_DIRECTORY", xdg: "XDG_STATE_HOME", user: ".local/state", system: "/var/lib/invoiced"))
    let runtime = folder("RUNTIME_DIRECTORY", xdg: "XDG_RUNTIME_DIR", user: ".cache", system: "/run/invoiced")
    self.socket = Self.absolute(socket ?? "\(runtime)/invoiced.sock")
    let configurationFolder = folder(
      "CONFIGURATION_DIRECTORY", xdg: "XDG_CONFIG_HOME", user: ".config", system: "/etc/invoiced")
    self.configuration = configuration ?? "\(configurationFolder)/invoiced.yaml"
    credentials =
      environment["CREDENTIALS_DIRECTORY"]
      ?? (isRoot ? "/etc/invoiced/credentials" : "\(configurationFolder)/credentials")
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
  }
}
