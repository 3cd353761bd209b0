import Files
import Gmail
import Model
import Transfer

extension GmailConfiguration {
  /// Reads the stage's own mapping of the configuration.
  ///
  /// - Parameter credentials: folder in which a relative `credential` lies.
  init(_ settings: Settings, credentials: String?) throws {
    let name = try settings.text("credential", default: "gmail")
    guard name.hasPrefix("/") || credentials != nil else {
      throw settings.error("credential", "must be an absolute path: there is no folder of credentials")
    }
    let allowsLoopback = try settings.flag("allow_loopback_http", default: false)
    func url(_ key: String) throws -> TrustedURL? {
      guard let text = try settings.text(key) else { return nil }
      guard let url = TrustedURL(text, allowsLoopback: allowsLoopback) else {
        throw settings.error(key, "must be an https address")
      }
      return url
    }
    self.init(
      credentialFile: name.hasPrefix("/") ? name : "\(credentials ?? "")/\(name)", apiRoot: try url("api_root"))
    self.allowsLoopback = allowsLoopback
    tokenURI = try url("token_uri")
    caFile = try settings.path("ca_file")
    try Self.check(caFile, settings)
    usesHTTP2 = try settings.flag("http2", default: usesHTTP2)
    mailbox = try settings.mailbox("mailbox")?.address
    hasMetadataScope = try settings.flag("metadata_scope", default: hasMetadataScope)
    from = try settings.mailbox("from")
    replyTo = try settings.mailboxes("reply_to")
    concurrency = try settings.integer("concurrency", default: concurrency, in: 1...10)
    unitsPerMinute = try settings.integer("units_per_minute", default: unitsPerMinute, in: 110...1_200_000)
    let perDay = try settings.integer("messages_per_day", default: messagesPerDay ?? 0, in: 0...1_000_000)
    messagesPerDay = perDay == 0 ? nil : perDay
    maximumSizeInBytes = try settings.size("maximum_size", default: maximumSizeInBytes)
    try readTimes(settings)
    try settings.finish()
  }

  /// More than all the certificates of a system.
  private static let maximumCertificatesSizeInBytes = 8 << 20

  /// libcurl opens the file at each connection, on the thread of all transfers: that of a named pipe would never end. A
  /// file that cannot be read now fails the connections, and is tried again.
  private static func check(_ caFile: String?, _ settings: Settings) throws {
    guard let caFile else { return }
    do {
      _ = try SmallFile(reading: caFile, maximumSizeInBytes: maximumCertificatesSizeInBytes)
    } catch {
      if case .system = error.cause { return }
      throw settings.error("ca_file", "\(error)")
    }
  }

  /// Any other of zero would be no deadline at all (libcurl's reading of it), or a loop without a pause.
  private static let mayBeZero: Set = ["renew_before", "settle", "infer_within", "second_look", "tell_waits_from"]

  private mutating func readTimes(_ settings: Settings) throws {
    let times: [(String, WritableKeyPath<GmailConfiguration, Duration>)] = [
      ("connect_timeout", \.connectTimeout), ("send_timeout", \.sendTimeout), ("stall_timeout", \.stallTimeout),
      ("call_timeout", \.callTimeout), ("renew_before", \.renewBefore), ("settle", \.settle),
      ("infer_within", \.inferWithin), ("second_look", \.secondLook), ("look_again", \.lookAgain),
      ("wait_floor", \.waitFloor), ("wait_cap", \.waitCap), ("mail_sending_wait_cap", \.mailSendingWaitCap),
      ("backoff_cap", \.backoffCap), ("daily_look_again", \.dailyLookAgain),
      ("tell_waits_from", \.tellWaitsFrom),
    ]
    for (key, path) in times {
      self[keyPath: path] = try settings.duration(
        key, default: self[keyPath: path], atLeast: Self.mayBeZero.contains(key) ? .zero : .milliseconds(1))
    }
  }
}
