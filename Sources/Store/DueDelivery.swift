import Foundation
import Model

/// A delivery that the runner is about to do, with all that it needs.
package struct DueDelivery: Sendable, Hashable {
  package var id: Int64
  package var job: Int64
  package var position: Int
  package var pipeline: String
  package var occasion: String
  package var state: DeliveryState
  package var revision: Int64
  /// The content of the revision, which is pinned.
  package var invoice: Invoice
  /// The job's only recipient, if it is a test.
  package var testTo: String?
  /// What an earlier preparation left, if it can still be used.
  package var token: SendToken?
  /// Digest of the message that `token` was prepared from; nil: none, or an older version of invoiced prepared it.
  package var messageSHA256: String?
  /// Names the preparation of `token`, or the next one.
  package var key: DeliveryKey
  /// Attempts with this token that ended unknown.
  package var unknown: Int
  /// How often the irreversible step was begun when this was read: what is decided on it is decided on this attempt.
  package var attempt: Int
  /// Failures so far that count towards the bound.
  package var tries: Int
  package var receipt: Receipt?
  /// Names of the record stages that have the receipt already, while others do not.
  package var recordedBy: Set<String>
  /// When `sending` was committed for the first of the attempts with this token that may have sent it: for the last one,
  /// while none of those before ended unknown.
  package var sendingSince: Moment?
  /// The last look at it could find nothing before a person removes the cause.
  package var blocked: Bool

  /// What the stages are told of it.
  package var context: DeliveryContext {
    DeliveryContext(
      key: key, pipeline: pipeline, job: job, occasion: occasion, position: position, attempt: attempt,
      revision: revision, isTest: testTo != nil)
  }
}

/// What `beginSending` decided.
package enum SendingDecision: Sendable, Hashable {
  /// Committed: the irreversible step may begin.
  case go
  /// The delivery was skipped: its invoice is claimed by another, held, or marked as sent.
  case skipped
  /// The job does not go on (paused, cancelled), or the delivery is no longer to be done.
  case notNow
  /// Nothing but the store's own trouble holds the job, and that ends by itself: to be asked again.
  case storeHeld
  /// The sender's count of 24 hours is used up; there is room again at this time.
  case dailyLimit(until: Date)
}

/// How a delivery's attempt is written down.
package enum SendingResult: Sendable, Hashable {
  case sent(Receipt)
  /// Not sent, with proof; to be done again with the same token, not before this time.
  case again(ErrorCode, String, at: Date, counts: Bool)
  /// Not sent, with proof, and the sender is in trouble: it is held, by the same commit.
  ///
  /// - Parameter until: when it is tried again by itself; nil: a person ends it, or a restart.
  case held(Hold.Kind, ErrorCode, String, until: Date?)
  case failed(ErrorCode, String)
  /// - Parameter ask: only a person can decide.
  case unknown(ErrorCode, String, ask: Bool)
  /// This attempt sent nothing, with proof, but what was prepared was not to be found: unknown, and not counted as an
  /// attempt that ended unknown, but as a failure that counts towards the bound.
  case missing(ErrorCode, String)
}

/// What a cancelled delivery left at its sender, to be discarded.
package struct PendingDiscard: Sendable, Hashable {
  package var pipeline: String
  package var token: SendToken

  package init(pipeline: String, token: SendToken) {
    self.pipeline = pipeline
    self.token = token
  }
}
