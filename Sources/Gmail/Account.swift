import Foundation
import Model

/// What all deliveries of one account share: its quota units, and the gates that limits close.
///
/// One gate is for every call; the other one is for sending alone, because Google's limits on sending mail last for hours
/// and leave reading alone.
package actor Account {
  /// Google counts units a minute; a little more, because a call arrives after it was counted here.
  static let window = Duration.seconds(61)

  /// Refusals in a row for which nobody named a time.
  private struct Trouble {
    /// The first of them.
    var since: Duration
    /// How often it has closed a gate.
    var backoffs = 0
  }

  private let configuration: GmailConfiguration
  private let time: Time
  /// 0..<1
  private let random: @Sendable () -> Double
  /// Units taken in the last window, oldest first: at most one entry per call that fits into it.
  private var taken: [(at: Duration, units: Int)] = []
  private var closedUntil = Duration.zero
  private var sendingClosedUntil = Duration.zero
  private var dailyUntil = Duration.zero
  /// That of sends, and that of anything else. A draft that is made says nothing about a limit on sending: it neither
  /// begins its back-off anew nor ends what was told of it.
  private var sendTrouble: Trouble?
  private var otherTrouble: Trouble?
  /// By how much this machine's wall clock differs from Google's, positive where ours is ahead; nil: by less than a
  /// minute, as far as it is known.
  package private(set) var clockError: Duration?
  /// Tells what is waited for, from `tell_waits_from` on. Never waiting for quota units: that is our own pace, a minute at
  /// most, and part of any speed that is measured. For one reader.
  package nonisolated let waits: AsyncStream<SenderWait?>
  private nonisolated let tellWait: AsyncStream<SenderWait?>.Continuation
  /// The last wait that was told, if it has not ended, and when it ends by itself.
  private var told: (wait: SenderWait, until: Duration?)?
  private var address: (credential: Credential, address: String)?

  package init(
    _ configuration: GmailConfiguration, _ time: Time,
    random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
  ) {
    self.configuration = configuration
    self.time = time
    self.random = random
    (waits, tellWait) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  /// Lets one delivery in: waits until both gates are open and the units of a draft and its sending are free, and takes
  /// them.
  ///
  /// Throws `.hold(.daily)` while the daily limit is known to be reached, and `.wait(.zero)` when the task is cancelled.
  package func admit() async throws(StageError) {
    let units = min(GmailCall.unitsPerDelivery, configuration.unitsPerMinute)
    while true {
      try checkDaily()
      guard let pause = pause(before: units, gate: sendingWait) else { break }
      try await sleep(pause)
    }
    taken.append((time.uptime(), units))
  }

  /// The same for any other call, which waits no longer than it may take; throws `.wait` when it would have to.
  package func take(_ call: GmailCall) async throws(StageError) {
    let units = min(call.units, configuration.unitsPerMinute)
    let start = time.uptime()
    while let pause = pause(before: units, gate: wait) {
      guard time.uptime() - start + pause <= configuration.callTimeout else { throw Self.closed(pause) }
      try await sleep(pause)
    }
    taken.append((time.uptime(), units))
  }

  /// Returns when a call that nobody waits for may be made: no gate is closed, and half of the units are free for sends.
  /// Throws `.wait(.zero)` when the task is cancelled.
  package func waitForQuiet() async throws(StageError) {
    while let pause = pause(before: configuration.unitsPerMinute / 2, gate: wait) { try await sleep(pause) }
  }

  /// Throws when nothing may be sent now; takes nothing and does not wait.
  package func check() throws(StageError) {
    try checkDaily()
    if sendingWait > .zero { throw Self.closed(sendingWait) }
  }

  /// For how long nothing should be sent yet.
  package var sendingWait: Duration { max(wait, sendingClosedUntil - time.uptime()) }

  private var wait: Duration { max(.zero, closedUntil - time.uptime()) }

  /// A call got through: Google did what it asked for, or found fault with that alone. Nothing but a send shows that sends
  /// do.
  package func notePassage(of call: GmailCall) {
    otherTrouble = nil
    if call == .sendDraft { sendTrouble = nil }
    guard told != nil, sendTrouble == nil, sendingWait == .zero else { return }
    told = nil
    tellWait.yield(nil)
  }

  /// Closes a gate for everybody, for the time that Google named or for one that grows.
  ///
  /// - Parameters:
  ///   - hint: positive. Google says "now", or a time in the past, while its limit lasts: that is no time at all, or each
  ///     second would bring the same answer without end.
  ///   - words: Google's own.
  package func noteLimit(of call: GmailCall, hint: Duration?, isMailSending: Bool, _ words: String = "") {
    guard let hint, hint > .zero else {
      return noteTrouble(of: call, .rateLimited, words, isMailSending: isMailSending)
    }
    let cap = isMailSending ? configuration.mailSendingWaitCap : configuration.waitCap
    let end =
      time.uptime() + min(max(hint, configuration.waitFloor), cap) + configuration.waitFloor * random()
    if isMailSending { sendingClosedUntil = max(sendingClosedUntil, end) } else { closedUntil = max(closedUntil, end) }
    guard sendingWait > configuration.tellWaitsFrom else { return }
    tell(SenderWait(.rateLimited, words, for: sendingWait))
  }

  /// Closes a gate for a time that grows: exponential back-off with full jitter. Its single waits are short at first: it is
  /// told once all of them together last for longer than the usual pace.
  ///
  /// - Parameters:
  ///   - call: nil: the token endpoint, which concerns all of them.
  ///   - words: of whoever refused, or of what could not be reached.
  ///   - isMailSending: closes the gate for sending alone.
  package func noteTrouble(
    of call: GmailCall?, _ code: ErrorCode = .unreachable, _ words: String = "", isMailSending: Bool = false
  ) {
    let now = time.uptime()
    var trouble = (call == .sendDraft ? sendTrouble : otherTrouble) ?? Trouble(since: now)
    // Calls that were under way at the same time close it once.
    if (isMailSending ? sendingWait : wait) == .zero {
      let longest = min(configuration.waitFloor * (1 << min(trouble.backoffs, 16)), configuration.backoffCap)
      let end = now + max(configuration.waitFloor, longest * random())
      if isMailSending { sendingClosedUntil = end } else { closedUntil = end }
      trouble.backoffs += 1
    }
    if call == .sendDraft { sendTrouble = trouble } else { otherTrouble = trouble }
    guard now + sendingWait - trouble.since > configuration.tellWaitsFrom else { return }
    // A time that was named says more.
    if let until = told?.until, until > now + configuration.tellWaitsFrom { return }
    tell(SenderWait(code, words))
  }

  /// Compares the wall clock with the time that an answer bears.
  ///
  /// - Parameter took: the whole call; the answer was written at any time within it, so that only what is beyond counts.
  package func noteClock(ours: Date, theirs: Date, took: Duration) {
    let ahead = Duration.seconds(ours.timeIntervalSince(theirs))
    let error = ahead > .zero ? max(.zero, ahead - took) : ahead
    clockError = error.isClockError ? error : nil
  }

  private func tell(_ wait: SenderWait) {
    told = (wait, wait.duration.map { time.uptime() + $0 })
    tellWait.yield(wait)
  }

  package func noteDailyLimit() { dailyUntil = time.uptime() + configuration.dailyLookAgain }

  func knownAddress(of credential: Credential) -> String? {
    address?.credential == credential ? address?.address : nil
  }

  func know(_ address: String, of credential: Credential) { self.address = (credential, address) }

  private func checkDaily() throws(StageError) {
    if time.uptime() < dailyUntil { throw StageError(.dailyLimit, "", .hold(.daily)) }
  }

  private func sleep(_ duration: Duration) async throws(StageError) {
    do {
      try await time.sleep(duration)
    } catch {
      throw StageError(.rateLimited, "cancelled", .wait(.zero))
    }
  }

  private static func closed(_ wait: Duration) -> StageError {
    StageError(.rateLimited, "the account waits", .wait(wait))
  }

  /// Nil: now.
  private func pause(before units: Int, gate: Duration) -> Duration? {
    if gate > .zero { return gate }
    let now = time.uptime()
    taken.removeAll { $0.at + Self.window <= now }
    var excess = taken.reduce(units) { $0 + $1.units } - configuration.unitsPerMinute
    guard excess > 0 else { return nil }
    for entry in taken {
      excess -= entry.units
      if excess <= 0 { return entry.at + Self.window - now }
    }
    return nil
  }
}

extension Duration {
  /// More than a minute, in either direction: a clock that anything sets is better than that.
  var isClockError: Bool { self > .seconds(60) || self < .seconds(-60) }
}
