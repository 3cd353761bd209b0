/// What `GET /sandbox/state` shows.
struct SandboxState: Encodable {
  struct Draft: Encodable {
    let id: String
    let message: String
    let thread: String
    let key: String?
    let recipients: [String]
  }

  /// Mails, since the start.
  let delivered: Int
  /// In the order in which they were made.
  let drafts: [Draft]
  /// How often each call ended, since the start.
  let calls: [String: Int]
  /// Rules of the scenario that are not used up.
  let rules: Int

  init(mailbox: Mailbox, scenario: Scenario, log: Log) async {
    delivered = await mailbox.delivered
    drafts = await mailbox.drafts.values.sorted { $0.number < $1.number }.map {
      Draft(id: $0.id, message: $0.message, thread: $0.thread, key: $0.key, recipients: $0.recipients)
    }
    calls = log.calls
    rules = scenario.count
  }
}
