import Foundation

/// The states of a delivery; docs/states.md draws them.
package enum DeliveryState: String, Codable, Sendable, CaseIterable {
  case pending
  /// Prepared by the sender (Gmail: a draft is there) and not sent, with proof.
  case prepared
  /// Handed to the irreversible step; the outcome is not written yet.
  case sending
  /// The outcome cannot be known; reconciled by the sender's rules, or decided by a person.
  case unknown
  case sent
  /// Sent, and every record stage has its receipt.
  case recorded
  case failed
  case skipped
  case cancelled

  /// Whether a delivery in this state keeps others of the same pipeline, occasion and invoice away.
  package var claims: Bool {
    switch self {
    case .pending, .prepared, .sending, .unknown, .sent, .recorded: true
    case .failed, .skipped, .cancelled: false
    }
  }

  /// Whether the invoice must not change under it.
  package var isOpen: Bool {
    switch self {
    case .pending, .prepared, .sending, .unknown: true
    case .sent, .recorded, .failed, .skipped, .cancelled: false
    }
  }
}

/// One invoice's way through one job, as it is shown to people and programs.
package struct Delivery: Codable, Sendable, Hashable {
  package var id: Int64
  package var job: Int64
  /// Position in the job, from 1.
  package var position: Int
  package var number: String
  package var cct: String
  package var period: Period
  /// Name of the PDF, without its folder.
  package var file: String
  /// Addresses of To; never Bcc.
  package var recipients: [String]
  package var state: DeliveryState
  /// How often the irreversible step was begun, from 0.
  package var attempt: Int
  /// Why it failed, was skipped, or is unknown.
  package var code: ErrorCode?
  /// The other side's own words.
  package var detail: String?
  package var receipt: Receipt?
  package var updatedAt: Date

  package init(
    id: Int64, job: Int64, position: Int, number: String, cct: String, period: Period, file: String,
    recipients: [String], state: DeliveryState, attempt: Int, code: ErrorCode?, detail: String?,
    receipt: Receipt?, updatedAt: Date
  ) {
    self.id = id
    self.job = job
    self.position = position
    self.number = number
    self.cct = cct
    self.period = period
    self.file = file
    self.recipients = recipients
    self.state = state
    self.attempt = attempt
    self.code = code
    self.detail = detail
    self.receipt = receipt
    self.updatedAt = updatedAt
  }

  enum CodingKeys: String, CodingKey {
    case id, job, position, number, cct, period, file, recipients, state, attempt, code, detail, receipt
    case updatedAt = "updated_at"
  }
}

/// Names one preparation of one delivery, over all stores: `<store>.<delivery>.<n>`.
package struct DeliveryKey: Sendable, Hashable, CustomStringConvertible {
  /// Random identity of the store.
  package var store: String
  package var delivery: Int64
  /// Counts what the sender prepared for this delivery, from 1.
  package var preparation: Int

  package init(store: String, delivery: Int64, preparation: Int) {
    self.store = store
    self.delivery = delivery
    self.preparation = preparation
  }

  package init?(_ text: String) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, !parts[0].isEmpty, let delivery = Int64(parts[1]), let n = Int(parts[2]) else {
      return nil
    }
    self.init(store: String(parts[0]), delivery: delivery, preparation: n)
  }

  package var description: String { "\(store).\(delivery).\(preparation)" }
}

/// What the sender answered to a message that it accepted.
package struct Receipt: Codable, Sendable, Hashable {
  /// The sender's own name for the message (Gmail: message id; Maildir: file name).
  package var message: String
  package var thread: String?
  /// The account, mailbox or folder that it went out from.
  package var account: String
  package var at: Date
  /// True when "sent" was concluded from a consumed draft instead of read from an answer.
  package var inferred: Bool

  package init(message: String, thread: String? = nil, account: String, at: Date, inferred: Bool = false) {
    self.message = message
    self.thread = thread
    self.account = account
    self.at = at
    self.inferred = inferred
  }
}
