import Control
import Foundation
import Model
import TestSupport

/// What the sandbox delivered, counted by invoice and recipient, beside what the daemon's history says.
struct Verdict: Sendable {
  var kills = 0
  var kinds: [String: Int] = [:]
  var invoices = 0
  var mails = 0
  /// A recipient that got an invoice more than once, or an invoice that two deliveries claim to have sent.
  var duplicates: [String] = []
  /// Sent by the history, and the recipient has nothing; or in no job; or never finished.
  var lost: [String] = []
  /// Delivered, and the history says neither sent nor unknown.
  var untold: [String] = []
  /// Unknown without need.
  var needless: [String] = []
  /// Counts of a job that do not add up, or do not fit its deliveries.
  var miscounted: [String] = []
  /// Left to a person.
  var unknown: [String] = []
  /// Unclear for a time, with or without a kill.
  var unclear = 0
  /// Of them, those that a kill made so.
  var died = 0
  /// Unclear, and decided by the daemon.
  var reconciled = 0
  var inferred = 0
  /// By code.
  var failed: [String: Int] = [:]
  /// Drafts of ours that nobody will send any more, and a person could.
  var orphans: [String] = []

  init() {}

  init(
    of daemon: RunningDaemon, _ sandbox: RunningSandbox, jobs: [Int64], invoices: [SampleInvoice], kills: Int,
    kinds: [String: Int]
  ) async throws {
    (self.kills, self.kinds, self.invoices) = (kills, kinds, invoices.count)
    let deliveries = try await daemon.exported()
    var got: [String: [String: Int]] = [:]
    for line in try sandbox.log("delivered") {
      let number = line.subject.map { String($0.dropFirst("Facture ".count)) } ?? "?"
      for recipient in line.recipients ?? [] { got[number, default: [:]][recipient, default: 0] += 1 }
      mails += 1
    }
    compare(Dictionary(grouping: deliveries, by: \.number), got, invoices)
    failed = deliveries.filter { $0.state == .failed }
      .reduce(into: [:]) { $0[$1.code?.rawValue ?? "", default: 0] += 1 }
    inferred = deliveries.count { $0.receipt?.inferred == true }

    let epoch = try await daemon.call(JobsInterface.GetStatus.self, Empty()).epoch
    var histories: [Int64: [Event]] = [:]
    for job in jobs {
      histories[job] = try await daemon.history(of: job, epoch: epoch)
      let counts = try await daemon.call(JobsInterface.GetJob.self, .init(job: job)).job.counts
      count(counts, deliveries.filter { $0.job == job }, job)
    }
    explain(deliveries, histories, try sandbox.log("call"))
    orphans = try Self.orphans(sandbox.drafts(), deliveries)
  }

  private mutating func compare(
    _ history: [String: [Delivery]], _ got: [String: [String: Int]], _ invoices: [SampleInvoice]
  ) {
    for invoice in invoices {
      let number = invoice.number
      let deliveries = history[number] ?? []
      let states = deliveries.map(\.state)
      let sent = states.count { $0 == .sent || $0 == .recorded }
      if states.isEmpty || states.contains(where: { [.pending, .prepared, .sending].contains($0) }) {
        lost.append("\(number) \(states)")
      }
      if sent > 1 { duplicates.append("\(number) sent by \(sent) deliveries") }
      for recipient in invoice.to.split(separator: ", ").map(String.init) {
        let times = got[number]?[recipient] ?? 0
        if times > 1 { duplicates.append("\(number) to \(recipient) \(times) times, \(states)") }
        if times == 0, sent > 0 { lost.append("\(number) to \(recipient), \(states)") }
        if times > 0, sent == 0, !states.contains(.unknown) { untold.append("\(number) to \(recipient), \(states)") }
      }
    }
    let known = Set(invoices.map(\.number))
    untold += got.keys.filter { !known.contains($0) }.map { "\($0), which is no invoice" }
  }

  private mutating func count(_ counts: Counts, _ deliveries: [Delivery], _ job: Int64) {
    func number(_ states: DeliveryState...) -> Int { deliveries.count { states.contains($0.state) } }
    var expected = Counts(total: deliveries.count)
    expected.sent = number(.sent, .recorded)
    expected.failed = number(.failed)
    expected.skipped = number(.skipped)
    expected.unknown = number(.unknown)
    expected.cancelled = number(.cancelled)
    expected.left = number(.pending, .prepared, .sending)
    (expected.already, expected.inOtherJobs, expected.toCheck) = (counts.already, counts.inOtherJobs, counts.toCheck)
    (expected.held, expected.markedSent) = (counts.held, counts.markedSent)
    if counts != expected { miscounted.append("job \(job): \(counts), but \(expected)") }
  }

  /// Each unknown has a reason: two attempts with one draft that ended unclear, and a draft that was seen to be still
  /// there, so that nobody can tell whether it is going to be sent.
  private mutating func explain(_ deliveries: [Delivery], _ histories: [Int64: [Event]], _ calls: [LogLine]) {
    for delivery in deliveries {
      let causes = (histories[delivery.job] ?? []).compactMap(\.delivery)
        .filter { $0.position == delivery.position && $0.state == .unknown }.compactMap(\.code)
      let ends = causes.filter { [.daemonDied, .answerLost, .serverError].contains($0) }
      unclear += ends.isEmpty ? 0 : 1
      died += ends.contains(.daemonDied) ? 1 : 0
      guard delivery.state == .unknown else {
        reconciled += ends.isEmpty ? 0 : 1
        continue
      }
      let drafts = Set(
        calls.filter { $0.call == "drafts.create" && $0.recipients?.first == delivery.recipients.first }.compactMap(
          \.draft))
      let looks = calls.filter { $0.call == "drafts.get" && drafts.contains($0.draft ?? "") }
      let what = "\(delivery.number) \(delivery.code?.rawValue ?? "") after \(causes.map(\.rawValue))"
      unknown.append(what)
      if delivery.code != .draftStays || ends.count < 2 || looks.last?.status != 200 { needless.append(what) }
    }
  }

  /// Nothing that must not be.
  var isGood: Bool {
    duplicates.isEmpty && lost.isEmpty && untold.isEmpty && needless.isEmpty && miscounted.isEmpty && orphans.isEmpty
  }

  static func + (a: Verdict, b: Verdict) -> Verdict {
    var sum = a
    sum.kills += b.kills
    sum.kinds.merge(b.kinds, uniquingKeysWith: +)
    sum.invoices += b.invoices
    sum.mails += b.mails
    sum.duplicates += b.duplicates
    sum.lost += b.lost
    sum.untold += b.untold
    sum.needless += b.needless
    sum.miscounted += b.miscounted
    sum.unknown += b.unknown
    sum.unclear += b.unclear
    sum.died += b.died
    sum.reconciled += b.reconciled
    sum.inferred += b.inferred
    sum.failed.merge(b.failed, uniquingKeysWith: +)
    sum.orphans += b.orphans
    return sum
  }
}

extension Verdict: CustomStringConvertible {
  private static func list(_ counts: [String: Int]) -> String {
    guard !counts.isEmpty else { return "none" }
    return counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  var description: String {
    let rate = invoices == 0 ? 0 : Double(unknown.count * 10_000 / invoices) / 100
    var text = """
      \(kills) kills, \(invoices) invoices, \(mails) mails: \(duplicates.count) duplicates, \(lost.count) lost, \
      \(untold.count) untold, \(unknown.count) unknown (\(rate) %), failed: \(Self.list(failed)); \(unclear) were unclear for a \
      time (\(died) by a kill), \(reconciled) of them reconciled, \(inferred) inferred; \(orphans.count) orphan drafts; \
      kills by moment: \(Self.list(kinds))
      """
    for (name, list) in [
      ("duplicate", duplicates), ("lost", lost), ("untold", untold), ("needlessly unknown", needless),
      ("miscounted", miscounted), ("unknown", unknown), ("orphan", orphans),
    ] where !list.isEmpty {
      text += "\n  \(name): " + list.joined(separator: "; ")
    }
    return text
  }
}
