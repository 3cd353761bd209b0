import Foundation
import Jobs
import Logging
import Model
import Store
import TestSupport

/// A runner with scripted stages on a real store, and a clock that the test turns.
final class JobsBench: Sendable {
  static let person = Person(uid: 1000, name: "clerk")

  let folder: TemporaryFolder
  let clock = TurnedTime()
  let store: Store
  let sender: ScriptedSender
  let record = ScriptedRecord()
  let otherRecord = ScriptedRecord()
  let render = PlainRender()
  let runner: Runner
  private let pipeline: Pipeline
  private let log: Logger

  init(
    concurrency: Int = 2, delivers: Bool = true, perDay: Int? = nil, dailyLookAgain: Duration = .seconds(3600),
    attempts: Int = 3, settle: Duration? = nil, resumeWithin: Duration? = nil
  ) throws {
    folder = try TemporaryFolder()
    store = try Store(path: folder.path + "/store.db", time: clock.time)
    sender = ScriptedSender(
      SenderTraits(
        delivers: delivers, concurrency: concurrency, messagesPerDay: perDay, dailyLookAgain: dailyLookAgain,
        settle: settle))
    pipeline = Pipeline(
      name: "invoices", render: render, send: sender,
      record: [RecordStep(name: "books", stage: record), RecordStep(name: "archive", stage: otherRecord)],
      backoff: Backoff(attempts: attempts, first: .seconds(10), limit: .seconds(60)))
    var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    log.logLevel = .critical
    self.log = log
    runner = Runner(
      pipelines: [pipeline], store: store, time: clock.time, log: log,
      outcomes: OutcomeWriter(store: store, time: clock.time, log: log),
      heartbeat: Heartbeat(every: nil, time: clock.time),
      resumeWithin: resumeWithin)
  }

  /// Puts invoices into the catalogue and starts a job of them.
  func start(
    _ numbers: [String], request: String = "r", testTo: String? = nil, exclusive: Bool = true,
    _ change: (inout Invoice) -> Void = { _ in }
  ) async throws -> Int64 {
    let invoices = numbers.enumerated().map { index, number in
      var invoice = Invoice.sample(number)
      change(&invoice)
      return StagedInvoice(line: index + 2, invoice: invoice, sentAt: nil)
    }
    try await store.stage("i", invoices: invoices, problems: [])
    _ = try await store.applyImport("i", skipBad: true, by: Self.person)
    return try await store.createJob(
      JobRequest(id: request, pipeline: "invoices", filter: Filter(numbers: numbers), testTo: testTo),
      exclusive: exclusive, by: Self.person
    ).id
  }

  /// Another one, as a reload makes it: with the outcomes of the first.
  func nextRunner() -> Runner {
    Runner(
      pipelines: [pipeline], store: store, time: clock.time, log: log, outcomes: runner.outcomes,
      heartbeat: Heartbeat(every: nil, time: clock.time))
  }

  /// Runs the runner as long as the test's body, then stops it as a daemon that is told to.
  ///
  /// - Parameter runner: nil: the first one.
  func whileRunning(_ runner: Runner? = nil, _ body: @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await (runner ?? self.runner).run() }
      try await body()
      group.cancelAll()
    }
  }

  /// Waits for a state of the job, turning the clock by a second at a time if `turning`.
  func wait(for state: JobState, of job: Int64, turning: Bool = false) async throws {
    try await eventually("job \(job) is \(state)") {
      if turning { clock.turn(by: .seconds(1)) }
      return try await store.job(job).state == state
    }
  }

  /// Waits until something sleeps for so long, to the second, and then turns the clock.
  func turn(by duration: Duration, whenSleepingFor wait: Duration) async throws {
    try await eventually("something sleeps for \(wait)") {
      clock.sleepers.contains { $0 > wait - .seconds(1) && $0 <= wait }
    }
    clock.turn(by: duration)
  }

  /// As long as whatever is going to happen by itself needs, on a machine that is not busy.
  func settle() async throws { try await Task.sleep(for: .milliseconds(150)) }

  func deliveries(_ job: Int64) async throws -> [Delivery] {
    try await store.listDeliveries(job: job, states: [], period: nil, after: 0, limit: 1000).map {
      try WireJSON.decode(Delivery.self, from: Data($0.json.utf8))
    }
  }

  func states(_ job: Int64) async throws -> [DeliveryState] { try await deliveries(job).map(\.state) }

  func numbers(_ range: ClosedRange<Int>, _ prefix: String = "N") -> [String] {
    range.map { prefix + String(repeating: "0", count: max(0, 3 - "\($0)".count)) + "\($0)" }
  }
}

extension SendOutcome {
  static func refused(_ code: ErrorCode, _ meaning: StageError.Meaning) -> SendOutcome {
    .notSent(StageError(code, "words", meaning))
  }

  static var lost: SendOutcome { .unknown(.answerLost, "reset") }
}
