import Foundation
import Model

/// What is said to people about events, errors and holds. Every sentence is one line.
package struct Sentences: Sendable {
  package let language: Language
  let table: SentenceTable

  package init(_ language: Language) {
    self.language = language
    table = .of(language)
  }

  /// What a watcher reads.
  package func line(of event: Event) -> String {
    switch event.kind {
    case .start: start(event.counts, event.others ?? [])
    case .progress: event.delivery.map { line(of: $0, total: event.counts.total) } ?? progress(event.counts)
    case .paused: paused(event.holds ?? [], event)
    case .wait: event.wait.map { line(of: $0, seen: event.at) } ?? fill(table.resumed, event.counts)
    case .complete: end(event.state, event.counts, event.others ?? [], looking: event.looking ?? 0)
    }
  }

  /// What the sender of a job waits for.
  ///
  /// - Parameter now: the reader's time, whose day need not be named.
  package func line(of wait: Wait, seen now: Date) -> String {
    let reason = reason(wait.code, detail: wait.detail)
    guard let until = wait.until else { return table.waits.filled(["reason": reason]) }
    return table.waitsUntil.filled(["until": ClockTime.text(of: until, seen: now), "reason": reason])
  }

  /// A delivery's outcome, as a watcher reads it; also of a dry run.
  package func line(of delivery: DeliveryLine, total: Int) -> String {
    line(of: delivery, total: total, in: table.outcomes)
      + (delivery.state.isSent && delivery.inferred == true ? table.inferred : "")
  }

  /// The last line about a job that is completed, cancelled or waiting; of one that waits for the daemon's own looks, the
  /// last for now.
  package func end(_ state: JobState, _ counts: Counts, _ others: [OtherJob] = [], looking: Int = 0) -> String {
    if state == .waiting, looking > 0 { return stillLooking(looking, counts, others) }
    return fill(state == .cancelled ? table.cancelled : table.complete, counts) + ends(counts, others)
  }

  /// What matched and was left out, each part with a comma before it; empty when there is nothing.
  package func leftOut(_ counts: Counts, _ others: [OtherJob]) -> String {
    parts([(table.already, counts.already)]) + notSent(counts, others)
  }

  package func state(_ state: JobState) -> String { table.state(state) }

  /// Why, with the other side's own words behind it.
  package func reason(_ code: ErrorCode, detail: String? = nil) -> String {
    withDetail(table.reason(code), detail)
  }

  /// Why a job does not go on and, where that ends by itself, until when.
  ///
  /// - Parameter now: the reader's time, whose day need not be named.
  package func reason(_ hold: Hold, seen now: Date) -> String {
    let reason = withDetail(hold.code.map(table.reason) ?? table.holdReason(hold.kind), hold.detail)
    guard let until = hold.until else { return reason }
    return table.heldUntil.filled(["reason": reason, "until": ClockTime.text(of: until, seen: now)])
  }

  /// What to do about a hold, with the command that the job needs.
  package func remedy(_ hold: Hold, job: Int64) -> String {
    table.remedy(hold.kind, hold.code).filled(["job": String(job)])
  }

  /// Why a line of a manifest cannot be imported; the code itself when there is no sentence for it.
  package func importProblem(_ code: String) -> String {
    ImportProblemCode(rawValue: code).map(table.importProblem) ?? code
  }

  func line(of delivery: DeliveryLine, total: Int, in outcomes: SentenceTable.Outcomes) -> String {
    let template =
      switch delivery.state {
      case .sent, .recorded: outcomes.sent
      case .failed: outcomes.failed
      case .skipped: outcomes.skipped
      case .unknown: outcomes.unknown
      case .cancelled: outcomes.cancelled
      case .pending, .prepared, .sending: outcomes.open
      }
    return template.filled([
      "i": String(delivery.position), "total": String(total), "cct": delivery.cct, "file": delivery.file,
      "recipients": delivery.recipients.joined(separator: ", "), "error": error(of: delivery),
    ])
  }

  func paused(_ holds: [Hold], _ event: Event) -> String {
    if holds.isEmpty { return fill(table.resumed, event.counts) }
    let reasons = holds.map {
      table.withRemedy.filled(["reason": reason($0, seen: event.at), "remedy": remedy($0, job: event.job)])
    }
    return table.paused.filled(["reason": reasons.joined(separator: table.betweenHolds)])
  }

  func fill(_ template: SentenceTemplate, _ counts: Counts) -> String {
    template.filled([
      "total": String(counts.total), "sent": String(counts.sent), "failed": String(counts.failed),
      "left": String(counts.left),
    ])
  }

  func stillLooking(_ looking: Int, _ counts: Counts, _ others: [OtherJob]) -> String {
    table.looking.filled([
      "n": String(looking), "total": String(counts.total), "sent": String(counts.sent),
      "failed": String(counts.failed),
    ]) + ends(counts, others)
  }

  /// The optional ends of a last line: what is not zero.
  func ends(_ counts: Counts, _ others: [OtherJob]) -> String {
    parts([
      (table.already, counts.already), (table.skipped, counts.skipped), (table.unknown, counts.unknown),
      (table.cancelledDeliveries, counts.cancelled),
    ]) + notSent(counts, others)
  }

  /// What was left out and not sent by another job.
  private func notSent(_ counts: Counts, _ others: [OtherJob]) -> String {
    let jobs = others.map {
      table.otherJob.filled(["job": String($0.job), "state": table.state($0.state)])
    }
    return parts([(table.inOtherJobs, counts.inOtherJobs), (table.toCheck, counts.toCheck)])
      + (jobs.isEmpty ? "" : table.otherJobs.filled(["jobs": jobs.joined(separator: ", ")]))
      + parts([(table.held, counts.held), (table.markedSent, counts.markedSent)])
  }

  private func parts(_ parts: [(SentenceTemplate, Int)]) -> String {
    parts.filter { $0.1 != 0 }.map { $0.0.filled(["n": String($0.1)]) }.joined()
  }

  private func start(_ counts: Counts, _ others: [OtherJob]) -> String {
    counts.processed > 0 ? fill(table.reopened, counts) : fill(table.start, counts) + leftOut(counts, others)
  }

  /// Of an event that names no delivery, which the daemon does not make.
  private func progress(_ counts: Counts) -> String { "\(counts.processed)/\(counts.total)" }

  private func error(of delivery: DeliveryLine) -> String {
    if let code = delivery.code { return reason(code, detail: delivery.detail) }
    if let detail = delivery.detail, !detail.isEmpty { return detail }
    return table.noReason
  }

  private func withDetail(_ reason: String, _ detail: String?) -> String {
    guard let detail, !detail.isEmpty else { return reason }
    return table.withDetail.filled(["reason": reason, "detail": detail])
  }
}

extension DeliveryState {
  fileprivate var isSent: Bool { self == .sent || self == .recorded }
}

/// A language that people are spoken to in. French is the default.
package enum Language: String, Codable, Sendable, CaseIterable {
  case fr, en
}

/// Times of the clock, as people read them; in the zone of the process (localtime_r(3)), without ICU.
package enum ClockTime {
  /// `12:34`, and `2026-11-23 12:34` on another day than the reader's.
  package static func text(of date: Date, seen now: Date) -> String {
    let (time, today) = (parts(of: date), parts(of: now))
    let clock = String(format: "%02d:%02d", Int(time.tm_hour), Int(time.tm_min))
    if (time.tm_year, time.tm_yday) == (today.tm_year, today.tm_yday) { return clock }
    return String(format: "%04d-%02d-%02d ", Int(time.tm_year) + 1900, Int(time.tm_mon) + 1, Int(time.tm_mday)) + clock
  }

  private static func parts(of date: Date) -> tm {
    var (seconds, parts) = (time_t(date.timeIntervalSince1970.rounded(.down)), tm())
    localtime_r(&seconds, &parts)
    return parts
  }
}

extension Sentences {
  /// What the journal says: begin (anew) and end of a job, one line per mail, and what keeps a job.
  package func journalLine(of event: Event) -> String {
    switch event.kind {
    case .start: event.counts.processed > 0 ? line(of: event) : fill(table.journalStart, event.counts)
    case .progress:
      event.delivery.map { line(of: $0, total: event.counts.total, in: table.journalOutcomes) } ?? line(of: event)
    case .paused, .wait: line(of: event)
    case .complete where event.state == .waiting && (event.looking ?? 0) > 0: line(of: event)
    case .complete:
      fill(event.state == .cancelled ? table.journalCancelled : table.journalComplete, event.counts)
        + ends(event.counts, event.others ?? [])
    }
  }
}
