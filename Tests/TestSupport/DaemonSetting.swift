/// The configuration of a daemon under test: one pipeline, with waiting times of fractions of a second.
package struct DaemonSetting: Sendable {
  package enum Sender: Sendable {
    /// `delivers: false` is a rehearsal.
    case maildir(delivers: Bool)
    case gmail(RunningSandbox)
  }

  package var sender: Sender
  /// Keys of the send stage, over the ones that are there.
  package var send: [String: String] = [:]
  package var retry = "{attempts: 3, first: 50ms, limit: 200ms}"
  package var locale = "fr"
  package var subject = "Facture {{number}}"
  package var pipeline = "invoices"
  /// The pipeline's key; nil: it has none.
  package var series: String?
  /// Further lines of the file: YAML at its left margin.
  package var more = ""
  /// The whole file instead; `{folder}` stands for the daemon's folder.
  package var file: String?

  package init(_ sender: Sender, send: [String: String] = [:]) {
    self.sender = sender
    self.send = send
  }

  package static var maildir: DaemonSetting { DaemonSetting(.maildir(delivers: true)) }

  package static func gmail(_ sandbox: RunningSandbox, _ send: [String: String] = [:]) -> DaemonSetting {
    DaemonSetting(.gmail(sandbox), send: send)
  }

  /// - Parameter folder: of the daemon, absolute.
  func yaml(in folder: String) -> String {
    if let file { return file.replacing("{folder}", with: folder) }
    let keys = sendKeys(folder).merging(send) { $1 }
    let stage = keys.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
    return """
      locale: \(locale)
      timezone: UTC
      files: ["\(folder)/inbox"]
      templates: ["\(folder)/templates"]
      \(more)
      pipelines:
        \(pipeline):\(series.map { "\n    series: \($0)" } ?? "")
          select: {use: catalogue}
          render: {use: template, subject: "\(subject)", text: invoice.fr.txt}
          send: {\(stage)}
          retry: \(retry)

      """
  }

  private func sendKeys(_ folder: String) -> [String: String] {
    switch sender {
    case .maildir(let delivers):
      [
        "use": "maildir", "path": "\"\(folder)/maildir\"", "from": "facturation@modele.example",
        "delivers": "\(delivers)",
      ]
    case .gmail(let sandbox):
      [
        "use": "gmail", "credential": "\"\(folder)/credential.json\"", "api_root": "\"\(sandbox.url)\"",
        "token_uri": "\"\(sandbox.url)/token\"", "ca_file": "\"\(sandbox.caFile)\"", "units_per_minute": "1200000",
        "settle": "300ms", "second_look": "50ms", "look_again": "100ms", "wait_floor": "20ms", "backoff_cap": "100ms",
        "renew_before": "1s",
      ]
    }
  }
}
