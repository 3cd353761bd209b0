/// Where a job's deliveries stand, and why it left out other invoices that matched.
///
/// Always: sent + failed + skipped + unknown + cancelled + left = total. The counts of what was left out stand beside
/// them, as they were when the job was started.
package struct Counts: Sendable, Hashable {
  package var total = 0
  /// Accepted by the sender, recorded or not.
  package var sent = 0
  package var failed = 0
  package var skipped = 0
  package var unknown = 0
  package var cancelled = 0
  /// Pending, prepared or sending.
  package var left = 0

  /// Left out: another job has sent them.
  package var already = 0
  /// Left out: another job has yet to send them.
  package var inOtherJobs = 0
  /// Left out: another job may have sent them, and nobody knows yet.
  package var toCheck = 0
  /// Left out: a person keeps them back.
  package var held = 0
  /// Left out: another system has sent them.
  package var markedSent = 0

  package init(total: Int = 0) {
    self.total = total
    left = total
  }

  /// Deliveries whose outcome is final for now.
  package var processed: Int { total - left }

  /// Of all deliveries, those that are processed: 0 to 100, to the tenth, rounded down so that 100 means all.
  package var percentage: Double {
    total > 0 ? (Double(processed) / Double(total) * 1000).rounded(.down) / 10 : 100
  }
}

extension Counts: Codable {
  private enum CodingKeys: String, CodingKey {
    case total, sent, failed, skipped, unknown, cancelled, left, already, held
    case inOtherJobs = "in_other_jobs"
    case toCheck = "to_check"
    case markedSent = "marked_sent"
  }

  /// Events of older versions lack the newer counts of what was left out.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    total = try container.decode(Int.self, forKey: .total)
    sent = try container.decode(Int.self, forKey: .sent)
    failed = try container.decode(Int.self, forKey: .failed)
    skipped = try container.decode(Int.self, forKey: .skipped)
    unknown = try container.decode(Int.self, forKey: .unknown)
    cancelled = try container.decode(Int.self, forKey: .cancelled)
    left = try container.decode(Int.self, forKey: .left)
    already = try container.decode(Int.self, forKey: .already)
    inOtherJobs = try container.decodeIfPresent(Int.self, forKey: .inOtherJobs) ?? 0
    toCheck = try container.decodeIfPresent(Int.self, forKey: .toCheck) ?? 0
    held = try container.decodeIfPresent(Int.self, forKey: .held) ?? 0
    markedSent = try container.decodeIfPresent(Int.self, forKey: .markedSent) ?? 0
  }
}

/// Another job that has invoices which a job left out.
package struct OtherJob: Codable, Sendable, Hashable {
  package var job: Int64
  /// As it stands now, not when the invoices were left out.
  package var state: JobState
  /// How many of them it had.
  package var invoices: Int

  package init(job: Int64, state: JobState, invoices: Int) {
    self.job = job
    self.state = state
    self.invoices = invoices
  }
}
