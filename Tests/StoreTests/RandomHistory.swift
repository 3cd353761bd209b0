import Foundation
import Model
import Store
import TestSupport

/// One store with a few invoices that many jobs want, the deliveries that are being sent, and what the customers have got:
/// a sender that delivers or does not, a net that loses answers, and people who look before they decide.
struct RandomHistory {
  enum Step: CaseIterable {
    case start, rehearse, resend, begin, sent, failed, again, held, unknown, settle, record, postpone, postponeRecord
    case fail, pause, resume, cancel, retry, resolve, holdInvoice, releaseInvoice, holdSender, releaseSender, turn,
      reopen, kill
  }

  /// What a running daemon does most stands here more often.
  private static let choices =
    Step.allCases + Array(repeating: .begin, count: 10)
    + [.sent, .failed, .retry, .unknown, .resume, .resume, .settle, .resolve]
  private static let person = StoreBench.person
  private static let numbers = (1...8).map { "N\($0)" }

  private let folder: TemporaryFolder
  private let clock = TurnedTime()
  private var store: Store
  private var random: SeededGenerator
  private var requests = 0
  private var jobs: [Int64] = []
  /// Jobs whose deliveries claim their invoices.
  private var claiming: Set<Int64> = []
  /// What was begun and has no outcome yet.
  private var sending: [DueDelivery] = []
  /// How often each delivery was really carried out; nobody in here but the sender and people can see it.
  private(set) var carriedOut: [Int64: Int] = [:]
  /// States as they were after the step before.
  private var before: (deliveries: [Int64: DeliveryState], jobs: [Int64: JobState]) = ([:], [:])
  private(set) var happened: Set<Step> = []

  init(seed: UInt64) async throws {
    random = SeededGenerator(seed: seed)
    folder = try TemporaryFolder()
    store = try Store(path: folder.path + "/store.db", time: clock.time)
    try await store.stage(
      "i", invoices: Self.numbers.map { StagedInvoice(line: 1, invoice: .sample($0), sentAt: nil) }, problems: [])
    _ = try await store.applyImport("i", skipBad: false, by: Self.person)
  }

  /// Does one thing. What the store refuses in the words of its contract is as good as what it does.
  mutating func step() async throws -> Step {
    guard let step = Self.choices.randomElement(using: &random) else { return .turn }
    do {
      if try await perform(step) { happened.insert(step) }
    } catch let error as StoreError {
      switch error {
      case .illegalState, .nothingMatched, .nothingDue, .attemptChanged, .noSuchDelivery: break
      default: throw error
      }
    }
    return step
  }

  // swift-format-ignore: one line for each step reads best
  private mutating func perform(_ step: Step) async throws -> Bool {
    switch step {
    case .start: return try await start(exclusive: true)
    case .rehearse: return try await start(exclusive: false)
    case .resend: return try await start(exclusive: true, resend: "lost")
    case .begin: return try await begin()
    case .sent: return try await finish(.sent(receipt), isCarriedOut: true)
    case .failed: return try await finish(.failed(.recipientRefused, ""), isCarriedOut: false)
    case .again:
      return try await finish(
        .again(.rateLimited, "", at: clock.time.now().addingTimeInterval(5), counts: Bool.random(using: &random)),
        isCarriedOut: false)
    case .held: return try await finish(.held(.sender, .credentialInvalid, "", until: nil), isCarriedOut: false)
    case .unknown:
      return try await finish(.unknown(.answerLost, "", ask: Bool.random(using: &random)), isCarriedOut: nil)
    case .settle: return try await settle()
    case .record: return try await unrecorded { [store] in try await store.markRecorded($0) }
    case .postponeRecord:
      let now = clock.time.now()
      return try await unrecorded { [store] in try await store.postponeRecord($0, recordedBy: ["books"], "", until: now)
      }
    case .postpone:
      guard let due = try await due() else { return false }
      try await store.postpone(due.id, .unreachable, "", until: clock.time.now(), counts: true)
    case .fail:
      guard let due = try await due() else { return false }
      try await store.fail(due.id, .unreachable, "")
    case .pause: _ = try await store.pause(job(), by: Self.person)
    case .resume: _ = try await store.resume(job(), by: Self.person)
    case .cancel: _ = try await store.cancel(job(), by: Self.person)
    case .retry:
      let all = Bool.random(using: &random)
      return try await store.retry(
        job(), permanent: true, delivery: all ? nil : (position: Int.random(in: 1...4, using: &random), attempt: nil),
        by: Self.person
      ).retried > 0
    case .resolve: return try await resolve()
    case .holdInvoice: try await store.hold(invoice: number(), reason: "r", by: Self.person)
    case .releaseInvoice: try await store.release(invoice: number(), by: Self.person)
    case .holdSender:
      let until = clock.time.now().addingTimeInterval(10)
      try await store.hold(pipeline: "invoices", .daily, .dailyLimit, "", until: until)
    case .releaseSender: try await store.releaseEnded(pipeline: "invoices")
    case .turn: clock.turn(by: .seconds(3))
    case .reopen, .kill:
      // Killed, it leaves its log as it is.
      if step == .reopen { try store.close() }
      store = try Store(path: folder.path + "/store.db", time: clock.time)
      if let restoration = store.restoration { throw StoreError.unusable("taken for another store: \(restoration)") }
      _ = try await store.recover(resumeWithin: .seconds(600))
      sending = []
    }
    return true
  }

  private mutating func start(exclusive: Bool, resend: String? = nil) async throws -> Bool {
    requests += 1
    let chosen = Self.numbers.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random))
    let id = "r\(requests)"
    let limit = Bool.random(using: &random) ? 2 : nil
    let job = try await store.createJob(
      JobRequest(
        id: id, pipeline: "invoices", filter: Filter(numbers: Array(chosen), limit: limit), resendReason: resend),
      exclusive: exclusive, by: Self.person)
    jobs.append(job.id)
    if exclusive { claiming.insert(job.id) }
    // Few jobs that live long meet more of what can happen than many that do not.
    if jobs.count > 6 { jobs.removeFirst() }
    return true
  }

  private mutating func due() async throws -> DueDelivery? {
    try await store.dueDeliveries(pipeline: "invoices", inFlight: Set(sending.map(\.id)), limit: 5).randomElement(
      using: &random)
  }

  private mutating func begin() async throws -> Bool {
    guard let due = try await due() else { return false }
    let token = due.token ?? SendToken(due.key.description)
    guard try await store.beginSending(due, token: token, delivers: true, messagesPerDay: nil) == .go else {
      return false
    }
    sending.append(due)
    if Bool.random(using: &random) { carriedOut[due.id, default: 0] += 1 }
    return true
  }

  /// - Parameter isCarriedOut: whether such an end means that the mail went out; nil: it says nothing.
  private mutating func finish(_ result: SendingResult, isCarriedOut: Bool?) async throws -> Bool {
    let fitting = sending.indices.filter { isCarriedOut == nil || isCarriedOut == wentOut(sending[$0].id) }
    guard let index = fitting.randomElement(using: &random) else { return false }
    _ = try await store.finishSending(sending.remove(at: index), result)
    return true
  }

  private mutating func settle() async throws -> Bool {
    let unknown = try await store.unknowns(pipeline: "invoices", except: [], limit: 10)
    guard let due = unknown.randomElement(using: &random) else { return false }
    let findings: [ReconcileResult] = [
      wentOut(due.id) ? .sent(receipt) : .notSent, .ask(.draftGone, ""), .unknown(lookAgainAfter: .seconds(1)),
    ]
    _ = try await store.settle(due, findings.randomElement(using: &random) ?? .ask(.draftGone, ""))
    return true
  }

  private mutating func unrecorded(_ body: (Int64) async throws -> Void) async throws -> Bool {
    let sent = try await store.unrecorded(pipeline: "invoices", inFlight: [], limit: 10).due
    guard let due = sent.randomElement(using: &random) else { return false }
    try await body(due.id)
    return true
  }

  private mutating func resolve() async throws -> Bool {
    let unknown = try await store.deliveries(job: nil, states: [.unknown], period: nil, after: 0, limit: 100)
    guard let one = unknown.randomElement(using: &random) else { return false }
    let wentOut = wentOut(one.id)
    if !wentOut { _ = try await store.beginResolving(job: one.job, position: one.position, attempt: one.attempt) }
    _ = try await store.resolve(
      job: one.job, position: one.position, attempt: one.attempt, sent: wentOut ? receipt : nil, by: Self.person)
    return true
  }

  private func wentOut(_ delivery: Int64) -> Bool { carriedOut[delivery, default: 0] > 0 }

  private mutating func job() throws -> Int64 {
    guard let job = jobs.randomElement(using: &random) else { throw StoreError.illegalState("no job yet") }
    return job
  }

  private mutating func number() -> String { Self.numbers.randomElement(using: &random) ?? "" }

  private var receipt: Receipt { Receipt(message: "m", account: "a", at: clock.time.now()) }
}

extension RandomHistory {
  private func allDeliveries() async throws -> [Delivery] {
    var all: [Delivery] = []
    while true {
      let page = try await store.deliveries(
        job: nil, states: [], period: nil, after: all.last?.id ?? 0, limit: 1000)
      all += page
      guard page.count == 1000 else { return all }
    }
  }

  private func allJobs() async throws -> [Job] {
    var all: [Job] = []
    while true {
      let page = try await store.jobs(before: all.last?.id, limit: 1000)
      all += page
      guard page.count == 1000 else { return all }
    }
  }

  /// What does not add up, or nil.
  mutating func wrong() async throws -> String? {
    let deliveries = try await allDeliveries()
    let byJob = Dictionary(grouping: deliveries, by: \.job)
    let all = try await allJobs()
    if let wrong = undeclared(deliveries, all) ?? twice(deliveries) { return wrong }
    before = (
      Dictionary(uniqueKeysWithValues: deliveries.map { ($0.id, $0.state) }),
      Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0.state) })
    )
    for job in all {
      let own = byJob[job.id] ?? []
      if let wrong = Self.wrong(job, own) { return "job \(job.id): \(wrong)" }
    }
    let last = try await store.snapshot(job: nil, recent: 0).last.sequence
    let events = try await store.events(job: nil, after: max(0, last - 20), limit: 100).map(\.sequence)
    if events != Array((last - Int64(events.count) + 1)..<(last + 1)) || events.count < min(20, Int(last)) {
      return "events \(events) up to \(last)"
    }
    let eligibilities = try await store.eligibilities(
      of: Self.numbers, StartScope(pipeline: "invoices", exclusive: true))
    for (number, eligibility) in zip(Self.numbers, eligibilities) {
      let open = deliveries.filter { $0.number == number && $0.state.isOpen && claiming.contains($0.job) }
      if open.count > 1 { return "\(number) has \(open.count) claims" }
      let fits = open.allSatisfy { eligibility == ($0.state == .unknown ? .toCheck : .inOtherJob) }
      if !fits { return "\(number) is \(eligibility), and open in job \(open[0].job)" }
    }
    return nil
  }

  /// A delivery or a job that has become what docs/states.md does not let it become; one step makes two changes at most
  /// (back to prepared, and cancelled with its job).
  private func undeclared(_ deliveries: [Delivery], _ all: [Job]) -> String? {
    for delivery in deliveries {
      guard let old = before.deliveries[delivery.id], old != delivery.state else { continue }
      let between = DeliveryState.allCases.filter { old.mayBecome($0) }
      guard !between.contains(delivery.state), !between.contains(where: { $0.mayBecome(delivery.state) }) else {
        continue
      }
      return "delivery \(delivery.id) was \(old) and is \(delivery.state)"
    }
    for job in all where before.jobs[job.id] == .cancelled && job.state != .cancelled {
      return "job \(job.id) was cancelled and is \(job.state)"
    }
    return nil
  }

  /// A delivery that was carried out twice, or whose state says other than what the customer has.
  private func twice(_ deliveries: [Delivery]) -> String? {
    for delivery in deliveries {
      let times = carriedOut[delivery.id, default: 0]
      let fits =
        switch delivery.state {
        case .sent, .recorded: times == 1
        case .sending, .unknown: times <= 1
        case .pending, .prepared, .failed, .skipped, .cancelled: times == 0
        }
      if !fits { return "delivery \(delivery.id) is \(delivery.state), and was carried out \(times) times" }
    }
    return nil
  }

  private static func wrong(_ job: Job, _ deliveries: [Delivery]) -> String? {
    var counts = Counts(total: deliveries.count)
    counts.left = 0
    let leftOut = job.counts
    (counts.already, counts.inOtherJobs, counts.toCheck) = (leftOut.already, leftOut.inOtherJobs, leftOut.toCheck)
    (counts.held, counts.markedSent) = (leftOut.held, leftOut.markedSent)
    for delivery in deliveries {
      switch delivery.state {
      case .pending, .prepared, .sending: counts.left += 1
      case .sent, .recorded: counts.sent += 1
      case .unknown: counts.unknown += 1
      case .failed: counts.failed += 1
      case .skipped: counts.skipped += 1
      case .cancelled: counts.cancelled += 1
      }
    }
    let numbers = [counts.sent, counts.failed, counts.skipped, counts.unknown, counts.cancelled, counts.left]
    if numbers.contains(where: { $0 < 0 }) || numbers.reduce(0, +) != counts.total { return "counts \(job.counts)" }
    if counts != job.counts { return "counts \(job.counts), but \(counts)" }
    let isFinished = counts.left == 0 && counts.unknown == 0 && !deliveries.contains { $0.state == .sent }
    switch job.state {
    case .completed where !isFinished: return "completed with something left: \(counts)"
    case .running, .paused, .waiting:
      if isFinished { return "\(job.state) with nothing left" }
    case .cancelled where counts.left > 0: return "cancelled with something left: \(counts)"
    default: break
    }
    if job.state == .paused, job.holds.isEmpty { return "paused without a hold" }
    if (job.finishedAt != nil) != job.state.isFinished {
      return "\(job.state), finished at \(String(describing: job.finishedAt))"
    }
    return nil
  }
}
