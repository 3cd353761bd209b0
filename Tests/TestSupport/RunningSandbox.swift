import Foundation

/// The real `invoiced-sandbox`, in a folder below /tmp. It ends with this value, and its folder too.
package final class RunningSandbox: Sendable {
  package struct Refused: Error {
    package let path: String
    package let answer: String
  }

  package let state: URL
  package let url: String
  private let program: RunningProgram
  private let keepsFolder: Bool

  package var caFile: String { state.path + "/ca.pem" }
  package var credentialFile: String { state.path + "/authorized_user.json" }

  /// Starts it and waits for its address.
  ///
  /// - Parameters:
  ///   - state: nil: a new folder.
  ///   - keepsFolder: whether another one is to find the folder.
  package init(_ options: [String] = [], state: URL? = nil, keepsFolder: Bool = false) throws {
    let folder = state ?? URL(filePath: "/tmp/sandbox-\(UUID().uuidString.prefix(13))")
    self.state = folder
    self.keepsFolder = keepsFolder
    let program = try RunningProgram("invoiced-sandbox", ["--state", folder.path] + options)
    self.program = program
    try eventuallyBlocking("the sandbox's address; it wrote: \(program.errors)") {
      guard program.status == nil else { throw NotInTime("the sandbox's address, it ended: \(program.errors)") }
      return program.output.contains("\n")
    }
    url = String(program.output.prefix { $0 != "\n" })
    guard url.hasPrefix("https://localhost:") else { throw NotInTime("the sandbox's address: \(program.output)") }
  }

  deinit {
    program.kill(SIGKILL)
    _ = try? program.endBlocking()
    if !keepsFolder { remove() }
  }

  /// Ends the process; its folder stays for `log`.
  package func stop() {
    program.kill(SIGTERM)
    _ = try? program.endBlocking()
  }

  package func remove() { try? FileManager.default.removeItem(at: state) }

  /// Arms one rule, given as JSON.
  package func rule(_ json: String) throws { try control("scenario", ["-d", #"{"rules":[\#(json)]}"#]) }

  package func clearRules() throws { try control("scenario", ["-X", "DELETE"]) }

  /// What a person does to a draft: edit, delete or send.
  package func person(_ deed: String, _ draft: String) throws {
    try control("drafts/\(draft)", ["-d", #"{"do":"\#(deed)"}"#])
  }

  /// A draft that a person writes, with these lines in its header; its id.
  package func draft(to address: String = "friend@example.org", header: [String] = []) throws -> String {
    struct Draft: Decodable { let id: String }
    let lines = ["To: \(address)", "Subject: Facture"] + header + ["", "Bonjour", ""]
    let answer = try control("drafts", ["--data-binary", lines.joined(separator: "\r\n")])
    return try JSONDecoder().decode(Draft.self, from: Data(answer.utf8)).id
  }

  /// A draft that is there.
  package struct FoundDraft: Decodable, Sendable {
    package let id: String
    package let key: String?
    package let recipients: [String]
  }

  /// The drafts that are there, in the order in which they were made.
  package func drafts() throws -> [FoundDraft] {
    struct State: Decodable { let drafts: [FoundDraft] }
    return try JSONDecoder().decode(State.self, from: Data(try control("state", []).utf8)).drafts
  }

  /// expire: all access tokens; revoke: the refresh token too.
  package func tokens(_ deed: String) throws { try control("token", ["-d", #"{"do":"\#(deed)"}"#]) }

  /// Calls `/sandbox/PATH` by curl(1), and returns the answer.
  @discardableResult
  package func control(_ path: String, _ arguments: [String]) throws -> String {
    let curl = try RunningProgram(
      "curl", ["-sS", "--fail-with-body", "--max-time", "20", "--cacert", caFile, "\(url)/sandbox/\(path)"] + arguments)
    guard try curl.endBlocking() == 0 else { throw Refused(path: path, answer: curl.output + curl.errors) }
    return curl.output
  }

  /// The log's lines of one event and one delivery's key, or of all, as far as they are written.
  package func log(_ event: String, key: String? = nil) throws -> [LogLine] {
    let bytes = try Data(contentsOf: state.appending(path: "log.jsonl"))
    // A line that is being written has no end yet.
    guard let end = bytes.lastIndex(of: 10) else { return [] }
    return try bytes[..<end].split(separator: 10)
      .map { try JSONDecoder().decode(LogLine.self, from: $0) }
      .filter { $0.event == event && (key == nil || $0.key == key) }
  }

  /// The mails that went out, in their order.
  package func sent() throws -> [String] {
    let folder = state.appending(path: "sent").path
    return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map {
      try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
    }
  }
}
