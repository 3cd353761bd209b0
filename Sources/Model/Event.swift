import Foundation

/// A durable fact of a job, with an increasing number.
///
/// Its JSON, one line with sorted keys, is made once, when it is committed; everybody passes on those bytes.
package struct Event: Sendable, Hashable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// The job begins; also when it is reopened by `retry` or `resolve`.
    case start
    /// A delivery reached an outcome: sent, failed, skipped, unknown or cancelled.
    case progress
    /// The job's holds changed; none left means that it goes on.
    case paused
    /// The sender of the job begins to wait, or waits for longer (`wait`); without `wait` it goes on.
    case wait
    /// The job is completed, cancelled, or waiting.
    case complete
  }

  package var id: EventID
  package var kind: Kind
  package var job: Int64
  package var at: Date
  package var state: JobState
  package var counts: Counts
  /// Seconds since the job was started.
  package var elapsed: Double
  package var pipeline: String
  /// Of `progress`.
  package var delivery: DeliveryLine?
  /// Of `paused`; empty when the last one went.
  package var holds: [Hold]?
  /// Of every kind: what the sender waits for, while the job runs.
  package var wait: Wait?
  /// Of every kind: the job's unknown deliveries that the daemon looks at by itself; nil: none.
  package var looking: Int?
  /// Of `start` and `complete`: other jobs that have invoices which this one left out; nil: none has.
  package var others: [OtherJob]?

  package init(
    id: EventID, kind: Kind, job: Int64, at: Date, state: JobState, counts: Counts, elapsed: Double,
    pipeline: String, delivery: DeliveryLine? = nil, holds: [Hold]? = nil, wait: Wait? = nil, looking: Int? = nil,
    others: [OtherJob]? = nil
  ) {
    self.id = id
    self.kind = kind
    self.job = job
    self.at = at
    self.state = state
    self.counts = counts
    self.elapsed = elapsed
    self.pipeline = pipeline
    self.delivery = delivery
    self.holds = holds
    self.wait = wait
    self.looking = looking
    self.others = others
  }
}

extension Event: Codable {
  private enum CodingKeys: String, CodingKey {
    case id, kind, job, at, state, counts, elapsed, pipeline, delivery, holds, wait, looking, others
  }

  /// What follows from the others, for readers that want to show it and nothing more.
  private enum DerivedKeys: String, CodingKey {
    case percentage, processed, remaining, speed
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(kind, forKey: .kind)
    try container.encode(job, forKey: .job)
    try container.encode(at, forKey: .at)
    try container.encode(state, forKey: .state)
    try container.encode(counts, forKey: .counts)
    try container.encode(elapsed, forKey: .elapsed)
    try container.encode(pipeline, forKey: .pipeline)
    try container.encodeIfPresent(delivery, forKey: .delivery)
    try container.encodeIfPresent(holds, forKey: .holds)
    try container.encodeIfPresent(wait, forKey: .wait)
    try container.encodeIfPresent(looking, forKey: .looking)
    try container.encodeIfPresent(others, forKey: .others)
    var derived = encoder.container(keyedBy: DerivedKeys.self)
    try derived.encode(counts.percentage, forKey: .percentage)
    try derived.encode(counts.processed, forKey: .processed)
    try derived.encode(counts.left, forKey: .remaining)
    try derived.encode(speed, forKey: .speed)
  }

  /// Deliveries a second on the average since the job was started, to the thousandth; 0 at its very beginning.
  package var speed: Double {
    elapsed > 0 ? (Double(counts.processed) / elapsed * 1000).rounded() / 1000 : 0
  }
}

/// What one line about a delivery needs.
package struct DeliveryLine: Codable, Sendable, Hashable {
  package var position: Int
  package var number: String
  package var cct: String
  /// Name of the PDF, without its folder.
  package var file: String
  /// The first two addresses of To; never Bcc.
  package var recipients: [String]
  package var state: DeliveryState
  package var code: ErrorCode?
  package var detail: String?
  /// True when "sent" was concluded from a consumed draft.
  package var inferred: Bool?
  /// Seconds from the commit before the send to the sender's answer, when it was sent at once.
  package var took: Double?

  package init(
    position: Int, number: String, cct: String, file: String, recipients: [String], state: DeliveryState,
    code: ErrorCode? = nil, detail: String? = nil, inferred: Bool? = nil, took: Double? = nil
  ) {
    self.position = position
    self.number = number
    self.cct = cct
    self.file = file
    self.recipients = recipients
    self.state = state
    self.code = code
    self.detail = detail
    self.inferred = inferred
    self.took = took
  }
}

/// `<epoch>.<seq>`: the store's random epoch, and a number that only grows in it.
package struct EventID: Codable, Sendable, Hashable, CustomStringConvertible {
  package var epoch: String
  package var sequence: Int64

  package init(epoch: String, sequence: Int64) {
    self.epoch = epoch
    self.sequence = sequence
  }

  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let sequence = Int64(parts[1]), sequence >= 0 else { return nil }
    self.init(epoch: String(parts[0]), sequence: sequence)
  }

  package init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let id = EventID(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not an event id: \(text)"))
    }
    self = id
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  package var description: String { "\(epoch).\(sequence)" }
}
