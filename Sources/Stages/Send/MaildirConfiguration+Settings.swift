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
