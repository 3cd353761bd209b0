import Model
import Transfer

/// Settings of `send: {use: gmail}`. Every waiting time is one of them: tests shorten them.
package struct GmailConfiguration: Sendable {
  // MARK: Where, and as whom

  /// Key `api_root`. Tokens and mails go there, so it is https, or http to loopback where a test asks for it.
  package var apiRoot: TrustedURL
  /// Key `credential`: path of a file that `Credential` describes. Read anew whenever a token is renewed.
  package var credentialFile: String
  /// Key `token_uri`: instead of the one in the credential file, or of Google's.
  package var tokenURI: TrustedURL?
  /// Whether the credential file may name an http address of this machine as its `token_uri`.
  package var allowsLoopback = false
  /// Key `ca_file`: PEM file of the certificates to trust instead of the system's.
  package var caFile: String?
  /// Key `http2`: offer it; false speaks HTTP/1.1 only.
  package var usesHTTP2 = true
  /// Key `mailbox`: the mailbox that a service account acts for (claim `sub`); nil takes the address of `from`.
  /// Without meaning for a refresh token.
  package var mailbox: String?
  /// Key `metadata_scope`: the token has `gmail.metadata` too, so that a consumed draft can be proved to be sent.
  package var hasMetadataScope = false
  /// Key `from`. Nil: the account's own address; Google silently rewrites what is neither that nor an alias of it.
  package var from: Mailbox?
  /// Key `reply_to`; none writes no Reply-To.
  package var replyTo: [Mailbox] = []

  // MARK: How much

  /// Key `concurrency`: deliveries at the same time, at least 1. Google's own bound per mailbox is about 10.
  package var concurrency = 2
  /// Key `units_per_minute`: quota units that may be used in any minute. One delivery costs 110.
  package var unitsPerMinute = 6000
  /// Key `messages_per_day`: in any 24 hours; nil: no bound of ours. Google's is 2,000 for Workspace, else 500.
  package var messagesPerDay: Int? = 1800
  /// Key `maximum_size`: all attachments of a mail together, before encoding. Google takes 25 MB, many recipients' servers
  /// less.
  package var maximumSizeInBytes = 18_000_000

  // MARK: How long a call may take

  /// Key `connect_timeout`: DNS, TCP and TLS.
  package var connectTimeout = Duration.seconds(10)
  /// Key `send_timeout`: the whole of `drafts.send`. After it the outcome is unknown.
  package var sendTimeout = Duration.seconds(60)
  /// Key `stall_timeout`: an upload without progress.
  package var stallTimeout = Duration.seconds(60)
  /// Key `call_timeout`: the whole of any other call.
  package var callTimeout = Duration.seconds(30)
  /// Key `renew_before`: so long before its end an access token is replaced.
  package var renewBefore = Duration.seconds(240)

  // MARK: What to think of an unknown attempt

  /// Key `settle`: a draft that is still there so long after the attempt ended was not sent.
  package var settle = Duration.seconds(300)
  /// Key `infer_within`: a draft that is gone so soon after the attempt began was sent by it. Zero always asks a person.
  package var inferWithin = Duration.seconds(600)
  /// Key `second_look`: time between the two looks that agree.
  package var secondLook = Duration.seconds(10)
  /// Key `look_again`: time until the next look when one told nothing.
  package var lookAgain = Duration.seconds(60)

  // MARK: How long to wait when Google says so

  /// Key `wait_floor`: the shortest wait, and the bound of the jitter on top of a wait that Google names.
  package var waitFloor = Duration.seconds(1)
  /// Key `wait_cap`: the longest wait that Google may name.
  package var waitCap = Duration.seconds(900)
  /// Key `mail_sending_wait_cap`: the same for the limit on sending mail, which may last for hours.
  package var mailSendingWaitCap = Duration.seconds(86400)
  /// Key `backoff_cap`: the longest wait where none is named; it doubles from `wait_floor`, with full jitter.
  package var backoffCap = Duration.seconds(64)
  /// Key `tell_waits_from`: waits that are longer are told to whoever watches; shorter ones are the usual pace.
  package var tellWaitsFrom = Duration.seconds(5)
  /// Key `daily_look_again`: time until the account is tried again after its daily limit.
  package var dailyLookAgain = Duration.seconds(3600)

  /// Google's own root, and every default.
  ///
  /// - Parameter apiRoot: nil takes `https://gmail.googleapis.com`.
  package init(credentialFile: String, apiRoot: TrustedURL? = nil) {
    self.credentialFile = credentialFile
    self.apiRoot = apiRoot ?? .gmail
  }
}

extension TrustedURL {
  package static let gmail = TrustedURL(known: "https://gmail.googleapis.com")
  package static let googleToken = TrustedURL(known: "https://oauth2.googleapis.com/token")
}
