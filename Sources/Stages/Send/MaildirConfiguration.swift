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
