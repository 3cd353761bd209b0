/// What every stage is told of the delivery that it works on.
package struct DeliveryContext: Sendable, Hashable {
  package var key: DeliveryKey
  package var pipeline: String
  /// 0: none yet, in a preview or a dry run.
  package var job: Int64
  /// What the invoice is sent for, beside the first time; empty: that one.
  package var occasion: String
  /// Place in the job, from 1; 0 where there is no job.
  package var position: Int
  /// How often the irreversible step has been begun.
  package var attempt: Int
  /// Of the invoice: the same number is the same content. 0 where there is no job.
  package var revision: Int64
  /// It goes to an address that a person named, and to no customer.
  package var isTest: Bool

  package init(
    key: DeliveryKey, pipeline: String, job: Int64, occasion: String, position: Int, attempt: Int, revision: Int64,
    isTest: Bool
  ) {
    self.key = key
    self.pipeline = pipeline
    self.job = job
    self.occasion = occasion
    self.position = position
    self.attempt = attempt
    self.revision = revision
    self.isTest = isTest
  }

  /// Of a mail that is only looked at: no sender ever gets it.
  package static func preview(pipeline: String, occasion: String) -> Self {
    Self(
      key: DeliveryKey(store: "preview", delivery: 0, preparation: 0), pipeline: pipeline, job: 0, occasion: occasion,
      position: 0, attempt: 0, revision: 0, isTest: false)
  }
}

/// What every stage has. Making one starts nothing: `--check-config` makes them all.
package protocol Stage: Sendable {
  /// Gets ready for deliveries. Previews and dry runs may come before it has returned.
  ///
  /// An error holds the pipeline's jobs, and it is tried again. Optional: the default does nothing.
  func start() async throws(StageError)

  /// Ends what `start` and the calls after it began, also where `start` has failed. No delivery comes afterwards; a preview
  /// that was asked for before may. Optional: the default does nothing.
  func close() async
}

extension Stage {
  package func start() async throws(StageError) {}
  package func close() async {}
}

/// Invoice → message. Pure: the same invoice, context and templates make the same message.
package protocol RenderStage: Stage {
  func render(_ invoice: Invoice, for delivery: DeliveryContext) async throws(StageError) -> Message

  /// Names of the template fields that a message may show. Names of other values may be among them.
  var usedFields: Set<String> { get }
}

/// Message → receipt, in two phases, because a send cannot be undone.
package protocol SendStage: Stage {
  /// What the runner has to know of this sender.
  var traits: SenderTraits { get }

  /// What the sender waits for: the present state whenever it changes; nil: nothing, or no longer. Waits of a few seconds,
  /// and the pace that the sender itself keeps, are none. Read by one worker alone; may say the same twice.
  ///
  /// Optional: the default never says anything.
  var waits: AsyncStream<SenderWait?> { get }

  /// Waits until the sender may take one more message: rate limits, quota units, the account's gate.
  ///
  /// Throws `.hold` when only a person or the calendar can help.
  func admit() async throws(StageError)

  /// Makes everything ready that can be repeated without the customer noticing
  /// (Gmail: creates a draft; Maildir: writes into tmp/).
  func prepare(_ message: Message, for delivery: DeliveryContext) async throws(StageError) -> SendToken

  /// The one irreversible step (Gmail: sends the draft; Maildir: renames into new/).
  ///
  /// Does not throw and hears no cancellation: unknown is an outcome, not an error that somebody could
  /// catch and retry. Ends by its own deadline, and as soon as its attempt has ended: what it learned lasts only once it
  /// is committed, so that any further look is `reconcile`'s.
  ///
  /// - Parameter message: what was prepared, for a sender that keeps nothing of it.
  func send(
    _ token: SendToken, _ message: MessageSource, for delivery: DeliveryContext, after earlier: EarlierAttempts
  ) async -> SendOutcome

  /// Looks what became of an attempt that ended unknown. Changes nothing at the other side.
  func reconcile(_ token: SendToken, _ message: MessageSource, _ attempt: UnknownAttempt) async -> ReconcileResult

  /// Takes back what `prepare` left, as far as it is still there.
  @discardableResult
  func discard(_ token: SendToken) async -> DiscardOutcome

  /// Everything that `prepare` has left at the other side for deliveries of this store: after an unclean stop, a repeated
  /// preparation, or a `discard` that failed, a person might send it by hand.
  ///
  /// Judges nothing and changes nothing; lists nothing whose key it cannot read or that is of another store, nor what was
  /// prepared after it began. Sends go first: it waits for what they leave. Ends with a `StageError`. Optional: the
  /// default finds nothing.
  func leftovers(store: String) -> AsyncThrowingStream<Leftover, any Error>

  /// Whether two tokens name the same preparation; true where one of them cannot be read, so that nothing is taken back
  /// that a token might name. Optional: the default compares their texts.
  func isSamePreparation(_ a: SendToken, _ b: SendToken) -> Bool

  /// By how much this machine's wall clock differs from the other side's, positive where ours is ahead; nil: by less than
  /// a minute, or the other side has not told its time. Optional.
  var clockError: Duration? { get async }
}

extension SendStage {
  package var waits: AsyncStream<SenderWait?> { AsyncStream { $0.finish() } }
  package var clockError: Duration? { get async { nil } }

  package func leftovers(store: String) -> AsyncThrowingStream<Leftover, any Error> {
    AsyncThrowingStream { $0.finish() }
  }

  package func isSamePreparation(_ a: SendToken, _ b: SendToken) -> Bool { a == b }
}

extension AsyncThrowingStream where Failure == any Error {
  /// What a task yields until it returns or throws; it is cancelled when nobody reads any more.
  package static func yielding(_ body: @escaping @Sendable (Continuation) async throws -> Void) -> Self {
    Self { continuation in
      let task = Task {
        do {
          try await body(continuation)
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }
}

/// What `prepare` has left at the other side.
package struct Leftover: Sendable, Hashable {
  /// What it was prepared for.
  package var key: DeliveryKey
  /// Good for `discard` and `isSamePreparation`, and for nothing else.
  package var token: SendToken

  package init(key: DeliveryKey, token: SendToken) {
    self.key = key
    self.token = token
  }
}

/// Who may still send what was prepared under a key.
package enum DraftOwner: Sendable, Hashable {
  /// Nobody ever will.
  case nobody
  /// Only what this token names.
  case token(SendToken)
  /// Its delivery is in somebody's hand at this moment: ask again.
  case inFlight
  /// It is no delivery of this sender's pipeline: leave it alone.
  case stranger
}

/// Receipt → nothing. Idempotent, keyed by the delivery, and retried.
package protocol RecordStage: Stage {
  func record(_ receipt: Receipt, of invoice: Invoice, for delivery: DeliveryContext) async throws(StageError)
}

/// What the runner has to know of a sender.
package struct SenderTraits: Sendable, Hashable {
  /// False when no customer receives anything: its jobs claim nothing and never stand in a real run's way.
  package var delivers: Bool
  /// Deliveries at the same time; at least 1.
  package var concurrency: Int
  /// Most messages in any 24 hours; nil: no bound.
  package var messagesPerDay: Int?
  /// When the sender is tried again after it has said that its own daily limit is reached.
  package var dailyLookAgain: Duration
  /// A call whose answer was lost has been carried out after this time, or never is; nil: calls answer at once, or fail.
  package var settle: Duration?

  package init(
    delivers: Bool, concurrency: Int, messagesPerDay: Int?, dailyLookAgain: Duration = .seconds(3600),
    settle: Duration? = nil
  ) {
    self.delivers = delivers
    self.concurrency = concurrency
    self.messagesPerDay = messagesPerDay
    self.dailyLookAgain = dailyLookAgain
    self.settle = settle
  }
}

/// A delivery's message once more, rendered anew from the pinned revision: a sender has to keep none.
package struct MessageSource: Sendable {
  private let make: @Sendable () async throws(StageError) -> Message

  package init(_ make: @escaping @Sendable () async throws(StageError) -> Message) { self.make = make }

  /// The same message as the one that was prepared. Throws `.messageChanged` where it would be another one: a template or
  /// the configuration has changed since.
  package func message() async throws(StageError) -> Message { try await make() }
}

/// What `prepare` made: opaque, read by its stage alone, at most 1 KiB of text.
package struct SendToken: Sendable, Hashable {
  package static let maximumSizeInBytes = 1024
  package let text: String

  package init(_ text: String) { self.text = text }
}

/// What is known of the attempts made with a token before this one.
package enum EarlierAttempts: Sendable, Hashable {
  /// None, or each ended with proof that nothing was sent.
  case none
  /// At least one ended unknown, and was reconciled to "not sent".
  case unknown
}

/// How one attempt at the irreversible step ended.
package enum SendOutcome: Sendable, Hashable {
  case sent(Receipt)
  /// With proof that nothing was sent.
  case notSent(StageError)
  /// No honest program could know.
  case unknown(ErrorCode, String)
  /// With proof that this attempt sent nothing; but what was prepared was not to be found, and may have gone another way.
  case missing(ErrorCode, String)
  /// Only a person can tell (the draft was deleted, or sent by hand).
  case ask(ErrorCode, String)
}

/// An attempt whose outcome is to be found out.
package struct UnknownAttempt: Sendable, Hashable {
  /// Time since the commit before the first attempt that may have sent it; nil: nobody can tell (`Moment.elapsed`), and
  /// nothing is concluded from it.
  package var sinceSending: Duration?
  /// Monotonic time since the attempt ended, counted anew after a restart of the daemon.
  package var sinceEnd: Duration
  /// How often this token was sent again after an unknown attempt.
  package var resends: Int
  /// False: each attempt with this token ended with proof that it sent nothing, so that nothing is inferred from a
  /// preparation that is gone.
  package var mayHaveSent: Bool

  package init(sinceSending: Duration?, sinceEnd: Duration, resends: Int, mayHaveSent: Bool = true) {
    self.sinceSending = sinceSending
    self.sinceEnd = sinceEnd
    self.resends = resends
    self.mayHaveSent = mayHaveSent
  }
}

/// What a look at an unknown attempt showed.
package enum ReconcileResult: Sendable, Hashable {
  case sent(Receipt)
  /// With proof, and settled: it may be sent again with the same token.
  case notSent
  case unknown(lookAgainAfter: Duration)
  /// Nothing can be found out before a person removes the cause (another account's credential, one that is refused);
  /// looked at again.
  case blocked(ErrorCode, String, lookAgainAfter: Duration)
  /// Only a person can decide.
  case ask(ErrorCode, String)
}

/// Whether what `prepare` left was still there to be taken back.
package enum DiscardOutcome: Sendable, Hashable {
  /// It was there, and is gone now: it can never be sent.
  case removed
  /// It was gone already: removed, or sent.
  case absent
  /// Nobody knows; the other side's words.
  case failed(String)
}
