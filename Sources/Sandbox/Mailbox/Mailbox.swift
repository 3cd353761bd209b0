import Foundation

/// The one account: its drafts, what it has sent, and how much it may send.
///
/// A send and a look at a draft never overlap: a draft is there, or it is consumed.
actor Mailbox {
  private static let day = Duration.seconds(24 * 60 * 60)

  nonisolated let account: String
  /// 0 is unlimited.
  private let messagesPerDay: Int
  /// How long a draft to `ratelimit@…` has to wait.
  private let rateLimit: Duration
  private let files: DraftFolder
  private let log: Log

  private(set) var drafts: [String: Draft] = [:]
  /// Drafts as they were before their last change, for answers that are stale. Grows with the mails of a run, by
  /// the size of their headers.
  private var before: [String: Draft] = [:]
  /// By thread.
  private var sent: [String: SentMessage] = [:]
  private var sentAt: [ContinuousClock.Instant] = []
  private var fileNumber: Int
  private var draftNumber: Int
  private var limitedUploads: Set<String> = []
  /// Mails delivered by this process.
  private(set) var delivered = 0

  init(folder: StateFolder, account: String, messagesPerDay: Int, rateLimit: Duration, log: Log) throws {
    files = DraftFolder(folder: folder)
    self.account = account
    self.messagesPerDay = messagesPerDay
    self.rateLimit = rateLimit
    self.log = log
    let left = try files.load()
    drafts = Dictionary(left.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    draftNumber = left.map(\.number).max() ?? 0
    fileNumber = try files.countSent()
  }

  /// drafts.create
  func create(_ upload: Upload) throws(APIError) -> Draft {
    try greet(upload.recipients)
    draftNumber += 1
    let draft = Draft(upload, number: draftNumber, account: account)
    do { try files.add(draft, body: upload.body) } catch { throw .backend(error) }
    drafts[draft.id] = draft
    return draft
  }

  /// drafts.get
  func draft(_ id: String) throws(APIError) -> Draft {
    guard let draft = drafts[id] else { throw .notFound }
    return draft
  }

  /// A draft before its last change, which may be its end.
  func lastKnown(_ id: String) -> Draft? { before[id] ?? drafts[id] }

  /// drafts.delete
  func delete(_ id: String) throws(APIError) -> Draft {
    let draft = try draft(id)
    try consume(draft)
    return draft
  }

  /// drafts.send; what somebody sends by hand knows no limits here.
  func send(draft id: String, by sender: Sender) throws(APIError) -> SentMessage {
    var draft = try draft(id)
    if sender == .api {
      if try isLimited(draft.recipients, already: draft.wasLimited) {
        draft.wasLimited = true
        try save(draft)
        throw .userRateLimit(until: Date() + rateLimit)
      }
    }
    let message = try deliver(draft, draft: id, body: files.body(of: id), by: sender)
    try consume(draft)
    return message
  }

  /// drafts.send, were it not atomic: the draft that is there now is delivered after the pause, come what may.
  func sendUnguarded(draft id: String, pause: Duration) async throws(APIError) -> SentMessage {
    let draft = try draft(id)
    let body: URL
    do { body = try files.linkBody(of: id) } catch { throw .backend(error) }
    defer { try? FileManager.default.removeItem(at: body) }
    try? await Task.sleep(for: pause)
    let message = try deliver(draft, draft: id, body: body, by: .api)
    if let left = drafts[id] { try consume(left) }
    return message
  }

  /// messages.send
  func send(_ upload: Upload) throws(APIError) -> SentMessage {
    try greet(upload.recipients)
    if try isLimited(upload.recipients, already: limitedUploads.contains(upload.sha256)) {
      limitedUploads.insert(upload.sha256)
      throw .userRateLimit(until: Date() + rateLimit)
    }
    return try deliver(Draft(upload, number: 0, account: account), draft: nil, body: upload.body, by: .api)
  }

  /// As a person does in Gmail's pages.
  func edit(_ id: String) throws(APIError) -> Draft {
    var draft = try draft(id)
    before[id] = draft
    draft.edit()
    try save(draft)
    return draft
  }

  /// drafts.list, the newest first; `number` is the page token.
  func list(before number: Int?, maximum: Int) -> Resource.DraftList {
    let left = drafts.values.filter { $0.number < number ?? .max }.sorted { $0.number > $1.number }
    let page = left.prefix(maximum)
    return Resource.DraftList(
      drafts: page.isEmpty
        ? nil : page.map { .init(id: $0.id, message: .init(id: $0.message, threadId: $0.thread)) },
      nextPageToken: left.count > page.count ? page.last.map { String($0.number) } : nil,
      resultSizeEstimate: left.count)
  }

  /// threads.get
  func thread(_ id: String) throws(APIError) -> Resource.Thread {
    if let message = sent[id] { return Resource.Thread(id: id, messages: [.init(message)]) }
    guard let draft = drafts.values.first(where: { $0.thread == id }) else { throw .notFound }
    return Resource.Thread(id: id, messages: [.init(draft)])
  }

  /// getProfile
  var profile: Resource.Profile {
    let total = drafts.count + sent.count
    return Resource.Profile(
      emailAddress: account, messagesTotal: total, threadsTotal: total, historyId: String(1000 + fileNumber))
  }

  private func greet(_ recipients: [String]) throws(APIError) {
    let personas = Persona.among(recipients)
    if personas.contains(.reject) { throw .invalidHeader("To") }
    if personas.contains(.toolarge) { throw .tooLarge }
  }

  /// Throws at the limits of a day; true when the recipient calls for one of a moment.
  private func isLimited(_ recipients: [String], already: Bool) throws(APIError) -> Bool {
    let personas = Persona.among(recipients)
    if personas.contains(.dailylimit) { throw .dailyLimit }
    if messagesPerDay > 0 {
      let now = ContinuousClock.now
      sentAt.removeAll { $0 + Self.day <= now }
      if sentAt.count >= messagesPerDay, let first = sentAt.first {
        throw .mailSendingLimit(until: Date() + (first + Self.day - now))
      }
    }
    return personas.contains(.ratelimit) && !already
  }

  private func deliver(_ mail: Draft, draft: String?, body: URL, by sender: Sender) throws(APIError) -> SentMessage {
    guard !mail.recipients.isEmpty else { throw .recipientRequired }
    let message = SentMessage(
      draft: draft, message: Identifier.message(), thread: mail.thread, recipients: mail.recipients,
      key: mail.key, bytes: mail.bytes)
    var header = mail.header
    header.set("Message-ID", Identifier.messageIDHeader())
    header.remove("Bcc")
    let name = "\(String(fileNumber + 1).leftPadded(to: 6))-\(message.message).eml"
    do { try files.writeSent(header, body: body, name: name) } catch { throw .backend(error) }
    fileNumber += 1
    delivered += 1
    sentAt.append(.now)
    sent[message.thread] = message
    log.append(
      DeliveredLine(
        account: account, draft: draft, message: message.message, thread: message.thread, key: mail.key,
        recipients: mail.recipients, subject: header["Subject"], sha256: mail.sha256, bytes: mail.bytes, file: name,
        by: sender))
    return message
  }

  private func consume(_ draft: Draft) throws(APIError) {
    drafts[draft.id] = nil
    before[draft.id] = draft
    do { try files.remove(draft.id) } catch { throw .backend(error) }
  }

  private func save(_ draft: Draft) throws(APIError) {
    do { try files.save(draft) } catch { throw .backend(error) }
    drafts[draft.id] = draft
  }
}

extension Date {
  fileprivate static func + (date: Date, duration: Duration) -> Date {
    date.addingTimeInterval(duration / .seconds(1))
  }
}
