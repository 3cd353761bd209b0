import Model

/// A sender that does as a test told it, and remembers what it was asked. Tokens read `NUMBER#PREPARATION`.
actor ScriptedSender: SendStage {
  enum Call: Sendable, Hashable {
    case prepare(String, Int)
    case send(String, EarlierAttempts)
    case reconcile(String)
    case discard(String)
  }

  enum Step: Hashable {
    case admit, prepare, send, reconcile, sweep
  }

  nonisolated let traits: SenderTraits
  nonisolated let waits: AsyncStream<SenderWait?>
  private nonisolated let told: AsyncStream<SenderWait?>.Continuation
  private(set) var calls: [Call] = []
  private(set) var messages: [String: Message] = [:]
  /// What each look was told.
  private(set) var attempts: [UnknownAttempt] = []
  /// What sweeps find, how many there were, and how many fail.
  private var left: [Leftover] = []
  private(set) var sweeps = 0
  private var failingSweeps = 0
  private var failingDiscards = 0
  /// How many deliveries were within `send` at the same time, at most.
  private(set) var mostSending = 0
  private var sending = 0

  private var asksAgain = false
  private(set) var again: [Message] = []
  private(set) var starts = 0
  private(set) var closes = 0
  private var startErrors: [StageError] = []

  /// Answers by invoice number, the first one first; without one, everything goes well.
  private var admitErrors: [StageError] = []
  private var prepareErrors: [String: [StageError]] = [:]
  private var outcomes: [String: [SendOutcome]] = [:]
  private var findings: [String: [ReconcileResult]] = [:]
  private var closed: Set<Step> = []
  private var waiting: [Step: [CheckedContinuation<Void, Never>]] = [:]

  init(_ traits: SenderTraits) {
    self.traits = traits
    (waits, told) = AsyncStream.makeStream()
  }

  // MARK: The script

  /// It keeps no mail, and asks for it when it sends.
  func askAgain() { asksAgain = true }
  func failStart(_ errors: StageError...) { startErrors += errors }
  func refuseAdmission(_ errors: StageError...) { admitErrors += errors }
  func failPrepare(_ number: String, _ errors: StageError...) { prepareErrors[number, default: []] += errors }
  func answer(_ number: String, _ list: SendOutcome...) { outcomes[number, default: []] += list }
  func find(_ number: String, _ list: ReconcileResult...) { findings[number, default: []] += list }

  /// Says what it waits for.
  nonisolated func tell(_ wait: SenderWait?) { told.yield(wait) }

  /// Something is found that was prepared for a key; discarding takes it away.
  func leave(_ key: DeliveryKey, _ token: String) { left.append(Leftover(key: key, token: SendToken(token))) }
  var leftTokens: [String] { left.map(\.token.text) }
  func failSweeps(_ count: Int) { failingSweeps = count }
  func failDiscards(_ count: Int) { failingDiscards = count }

  /// Whoever comes to this step waits there, cancelled or not.
  func close(_ step: Step) { closed.insert(step) }

  func open(_ step: Step) {
    closed.remove(step)
    for continuation in waiting.removeValue(forKey: step) ?? [] { continuation.resume() }
  }

  func waiters(at step: Step) -> Int { waiting[step]?.count ?? 0 }

  /// Numbers in the order in which they were sent.
  var sent: [String] {
    calls.compactMap { if case .send(let token, _) = $0 { Self.number(token) } else { nil } }
  }

  func count(_ call: Call) -> Int { calls.count { $0 == call } }

  // MARK: SendStage

  func start() async throws(StageError) {
    starts += 1
    if !startErrors.isEmpty { throw startErrors.removeFirst() }
  }

  func close() async { closes += 1 }

  func admit() async throws(StageError) {
    await pass(.admit)
    if !admitErrors.isEmpty { throw admitErrors.removeFirst() }
  }

  func prepare(_ message: Message, for delivery: DeliveryContext) async throws(StageError) -> SendToken {
    let number = message.subject
    calls.append(.prepare(number, delivery.key.preparation))
    messages[number] = message
    await pass(.prepare)
    if let error = prepareErrors[number]?.first {
      prepareErrors[number]?.removeFirst()
      throw error
    }
    return SendToken("\(number)#\(delivery.key.preparation)")
  }

  func send(
    _ token: SendToken, _ message: MessageSource, for delivery: DeliveryContext, after earlier: EarlierAttempts
  ) async -> SendOutcome {
    if asksAgain {
      do throws(StageError) {
        again.append(try await message.message())
      } catch {
        return .notSent(error)
      }
    }
    calls.append(.send(token.text, earlier))
    sending += 1
    mostSending = max(mostSending, sending)
    defer { sending -= 1 }
    await pass(.send)
    let number = Self.number(token.text)
    guard let outcome = outcomes[number]?.first else {
      return .sent(Receipt(message: token.text, account: "billing@example.com", at: .distantPast))
    }
    outcomes[number]?.removeFirst()
    return outcome
  }

  func reconcile(_ token: SendToken, _ message: MessageSource, _ attempt: UnknownAttempt) async -> ReconcileResult {
    calls.append(.reconcile(token.text))
    attempts.append(attempt)
    await pass(.reconcile)
    let number = Self.number(token.text)
    guard let result = findings[number]?.first else { return .unknown(lookAgainAfter: .seconds(60)) }
    findings[number]?.removeFirst()
    return result
  }

  func discard(_ token: SendToken) async -> DiscardOutcome {
    // As libcurl's transfers do: a cancelled task gets nothing done.
    if Task.isCancelled { return .failed("cancelled") }
    calls.append(.discard(token.text))
    guard failingDiscards == 0 else {
      failingDiscards -= 1
      return .failed("words")
    }
    left.removeAll { $0.token == token }
    return .removed
  }

  nonisolated func leftovers(store: String) -> AsyncThrowingStream<Leftover, any Error> {
    .yielding { stream in
      for leftover in try await self.found() { stream.yield(leftover) }
    }
  }

  private func found() async throws -> [Leftover] {
    sweeps += 1
    await pass(.sweep)
    if failingSweeps > 0 {
      failingSweeps -= 1
      throw StageError(.unreachable, "words", .retry(after: nil))
    }
    return left
  }

  private func pass(_ step: Step) async {
    guard closed.contains(step) else { return }
    await withCheckedContinuation { waiting[step, default: []].append($0) }
  }

  private static func number(_ token: String) -> String { String(token.prefix { $0 != "#" }) }
}
