import Model

/// Settings of `send: {use: maildir}`.
package struct MaildirConfiguration: Sendable {
  /// Folder of the Maildir, absolute; made with its three folders when it is not there, its parent must be.
  package var path: String
  package var from: Mailbox
  /// None writes no Reply-To.
  package var replyTo: [Mailbox]
  /// Mails written at the same time; at least 1.
  package var concurrency: Int
  /// True where whoever reads the Maildir sends the mails on to the customers. False, the default, makes it a
  /// rehearsal: its jobs claim no invoice.
  package var delivers: Bool

  package init(path: String, from: Mailbox, replyTo: [Mailbox], concurrency: Int, delivers: Bool = false) {
    self.path = path
    self.from = from
    self.replyTo = replyTo
    self.concurrency = concurrency
    self.delivers = delivers
  }
}

extension MaildirConfiguration {
  /// Reads the stage's own mapping of the configuration.
  init(_ settings: Settings) throws {
    let (from, path) = (try settings.mailbox("from"), try settings.path("path"))
    let replyTo = try settings.mailboxes("reply_to")
    let concurrency = try settings.integer("concurrency", default: 2, in: 1...64)
    let delivers = try settings.flag("delivers", default: false)
    // Before what is missing: a key that is misspelt is both.
    try settings.finish()
    guard let from else { throw settings.missing("from") }
    guard let path else { throw settings.missing("path") }
    self.init(path: path, from: from, replyTo: replyTo, concurrency: concurrency, delivers: delivers)
  }
}
