import Foundation
import Model
import TestSupport

/// An `invoiced-sse` in front of a daemon, and curl as its visitor.
struct RunningAdapter: Sendable {
  static let token = "0123456789abcdef-start"
  static let viewToken = "0123456789abcdef-view"

  let port: Int
  var url: String { "http://127.0.0.1:\(port)" }
  let daemon: RunningDaemon
  let program: RunningProgram

  init(_ daemon: RunningDaemon, _ options: [String] = []) async throws {
    self.daemon = daemon
    let tokens = daemon.folder + "/tokens"
    try "anna start \(Self.token)\nbert view \(Self.viewToken)\n".write(
      toFile: tokens, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: tokens)
    port = try FreePort.next()
    program = try RunningProgram(
      "invoiced-sse",
      ["--socket", daemon.socket, "--listen", "127.0.0.1:\(port)", "--tokens", tokens, "--start", "clara"] + options)
    try await program.wrote("is ready")
  }

  /// Status and body of one request.
  func curl(_ path: String, _ arguments: [String] = []) async throws -> (status: Int, body: String) {
    let curl = try RunningProgram("curl", ["-sS", "-m", "30", "-w", "\n%{http_code}"] + arguments + [url + path])
    let end = try await curl.end()
    let lines = curl.output.split(separator: "\n", omittingEmptySubsequences: false)
    guard let status = lines.last.flatMap({ Int($0) }) else { throw NotInTime("\(path): \(end) \(curl.errors)") }
    return (status, lines.dropLast().joined(separator: "\n"))
  }

  func post(_ path: String, _ body: String, token: String = token) async throws -> (status: Int, body: String) {
    try await curl(
      path,
      Self.bearer(token) + ["-H", "X-Invoiced: 1", "-H", "Content-Type: application/json", "-d", body])
  }

  /// A value of `/metrics`.
  func metric(_ name: String) async throws -> Int? {
    try await curl("/metrics").body.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap {
      Int($0.dropFirst(name.count + 1))
    }
  }

  static func bearer(_ token: String = token) -> [String] { ["-H", "Authorization: Bearer \(token)"] }

  /// A reader that goes on until the stream ends.
  func stream(_ path: String, _ arguments: [String] = []) throws -> RunningProgram {
    try RunningProgram("curl", ["-sSN", "-m", "120"] + Self.bearer() + arguments + [url + path])
  }
}

/// An event as a reader of the stream sees it (WHATWG HTML, "Interpreting an event stream").
struct StreamedEvent: Hashable {
  var name: String
  var id: String?
  var data: String

  static func all(in text: String) -> [StreamedEvent] {
    text.components(separatedBy: "\n\n").compactMap { block in
      var (name, id, data) = ("message", String?.none, [String]())
      for line in block.split(separator: "\n") {
        if line.hasPrefix("event: ") { name = String(line.dropFirst(7)) }
        if line.hasPrefix("id: ") { id = String(line.dropFirst(4)) }
        if line.hasPrefix("data: ") { data.append(String(line.dropFirst(6))) }
      }
      return data.isEmpty ? nil : StreamedEvent(name: name, id: id, data: data.joined(separator: "\n"))
    }
  }
}
