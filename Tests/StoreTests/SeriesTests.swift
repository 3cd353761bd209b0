import Model
import Store
import Testing

/// Jobs of pipelines whose names change.
@Suite("The series of a pipeline")
struct SeriesTests {
  private let numbers = ["1", "2", "3"]

  private func sentBy(_ pipeline: String) async throws -> StoreBench {
    let bench = try StoreBench()
    try await bench.add(numbers.map { .sample($0) })
    _ = try await start(bench, pipeline, configured: [pipeline])
    try await send(bench, pipeline)
    return bench
  }

  @discardableResult
  private func start(
    _ bench: StoreBench, _ pipeline: String, series: String? = nil, answer: String? = nil, configured: Set<String>,
    occasion: String = "", exclusive: Bool = true, _ chosen: [String]? = nil
  ) async throws -> Job {
    let request = try await "\(pipeline) \(bench.store.jobs(before: nil, limit: 100).count)"
    return try await bench.store.createJob(
      JobRequest(id: request, pipeline: pipeline, occasion: occasion, filter: Filter(numbers: chosen ?? numbers)),
      exclusive: exclusive, series: SeriesChoice(configured: series, answer: answer, pipelines: configured),
      by: StoreBench.person)
  }

  private func send(_ bench: StoreBench, _ pipeline: String) async throws {
    for due in try await bench.store.dueDeliveries(pipeline: pipeline, inFlight: [], limit: 100) {
      guard try await bench.begin(due) == .go else { continue }
      _ = try await bench.store.finishSending(due, .sent(bench.receipt()))
      try await bench.store.markRecorded(due.id)
    }
  }

  private func question(sent: Int, open: Int = 0) -> StoreError {
    .seriesUndecided(
      SeriesQuestion(
        pipeline: "factures", invoices: 3,
        others: [SeriesQuestion.Use(series: "invoices", pipeline: "invoices", sent: sent, open: open)]))
  }

  @Test("a renamed pipeline begins only when somebody has said how", arguments: ["", "reminder-1"])
  func renamed(_ occasion: String) async throws {
    let bench = try await sentBy("invoices")
    // Also for an occasion, or a part, of which nothing was sent: what begins here would send the rest later.
    await #expect(throws: question(sent: 3)) {
      try await start(bench, "factures", configured: ["factures"], occasion: occasion, ["3"])
    }
    #expect(try await bench.store.series(of: "factures") == nil)
    let plan = try await bench.store.plan(
      Filter(), StartScope(pipeline: "factures", exclusive: true, series: SeriesChoice(pipelines: ["factures"])))
    #expect(plan.question.map(StoreError.seriesUndecided) == question(sent: 3))
  }

  @Test("a key or an answer goes on with the series, and nothing goes out again", arguments: [true, false])
  func goesOn(_ byKey: Bool) async throws {
    let bench = try await sentBy("invoices")
    let job = try await start(
      bench, "factures", series: byKey ? "invoices" : nil, answer: byKey ? nil : "invoices", configured: ["factures"])
    #expect(job.counts.total == 0 && job.counts.already == 3)
    // Kept: nobody has to say it again, and under a third name it is asked again.
    #expect(try await start(bench, "factures", configured: ["factures"]).counts.already == 3)
    await #expect(throws: StoreError.self) { try await start(bench, "facturen", configured: ["facturen"]) }
    #expect(try await start(bench, "invoices", configured: ["invoices"]).counts.already == 3)
  }

  @Test("new begins anew, once: carried along to a third name it asks", arguments: [true, false])
  func anew(_ byKey: Bool) async throws {
    let bench = try await sentBy("invoices")
    let (series, answer) = byKey ? ("new", nil) : (nil, "new" as String?)
    #expect(
      try await start(bench, "factures", series: series, answer: answer, configured: ["factures"]).counts.total == 3)
    try await send(bench, "factures")
    for key in [series, nil, "factures"] {
      #expect(try await start(bench, "factures", series: key, configured: ["factures"]).counts.already == 3)
    }
    await #expect(throws: StoreError.self) {
      try await start(bench, "facturen", series: "new", configured: ["facturen"])
    }
  }

  @Test("a key that names no series is no answer: it may be mistyped; an answer that names none is refused")
  func mistyped() async throws {
    let bench = try await sentBy("invoices")
    await #expect(throws: question(sent: 3)) {
      try await start(bench, "factures", series: "invoics", configured: ["factures"])
    }
    await #expect(throws: StoreError.noSuchSeries("invoics")) {
      try await start(bench, "factures", answer: "invoics", configured: ["factures"])
    }
    // Another series than the one that it has begun with is a question as well.
    try await start(bench, "factures", answer: "new", configured: ["factures"])
    await #expect(throws: StoreError.self) {
      try await start(bench, "factures", series: "invoices", configured: ["factures"])
    }
  }

  @Test("a pipeline that takes the name of another one that has begun is asked about what its own has sent since")
  func takenName() async throws {
    let bench = try StoreBench()
    try await bench.add(numbers.map { .sample($0) })
    try await start(bench, "second", configured: ["invoices", "second"], ["3"])
    bench.clock.turn(by: .seconds(60))
    try await start(bench, "invoices", answer: "new", configured: ["invoices", "second"])
    try await send(bench, "invoices")
    try await start(bench, "second", configured: ["invoices", "second"], ["2"])
    await #expect(throws: StoreError.self) { try await start(bench, "second", configured: ["second"], ["1"]) }
    let job = try await start(bench, "second", answer: "invoices", configured: ["second"], ["1"])
    #expect(job.counts.already == 1)
  }

  @Test("so is one whose name another one takes that has sent nothing since, once it has gone")
  func takenNameOfEarlierWork() async throws {
    let bench = try await sentBy("invoices")
    let both: Set<String> = ["invoices", "second"]
    try await start(bench, "second", answer: "new", configured: both, ["1"])
    #expect(try await start(bench, "second", configured: both, ["2"]).counts.total == 1)
    // A clock that is set back changes nothing.
    bench.clock.set(by: .seconds(-86_400))
    let asked = await #expect(throws: StoreError.self) { try await start(bench, "second", configured: ["second"]) }
    guard case .seriesUndecided(let question) = asked else {
      Issue.record("\(String(describing: asked))")
      return
    }
    #expect(question.others.map(\.series) == ["invoices", "second"], "to go on as before is an answer, too")
    // Answered once.
    #expect(try await start(bench, "second", answer: "second", configured: ["second"]).counts.total == 1)
    #expect(try await start(bench, "second", configured: ["second"]).counts.total == 0)
  }

  @Test("tests and rehearsals ask nothing, and decide nothing")
  func rehearsal() async throws {
    let bench = try await sentBy("invoices")
    let job = try await start(bench, "factures", configured: ["factures"], exclusive: false)
    #expect(job.counts.total == 3)
    await #expect(throws: question(sent: 3)) { try await start(bench, "factures", configured: ["factures"]) }
  }

  @Test(
    "with its series a pipeline takes over jobs, holds and the day's count of the name that went",
    arguments: [true, false])
  func takesOver(_ byKey: Bool) async throws {
    let bench = try StoreBench()
    try await bench.add(numbers.map { .sample($0) })
    let job = try await start(bench, "invoices", configured: ["invoices"])
    let due = try #require(try await bench.dueDeliveries(1).first)
    #expect(try await bench.begin(due) == .go)
    _ = try await bench.store.finishSending(due, .sent(bench.receipt()))
    try await bench.store.hold(pipeline: "invoices", .restored, nil, "")
    await #expect(throws: question(sent: 1, open: 2)) { try await start(bench, "factures", configured: ["factures"]) }

    let choice = SeriesChoice(configured: byKey ? "invoices" : nil, pipelines: ["factures"])
    let renamed = try await bench.store.adoptPipelines(["factures": choice])
    if byKey {
      #expect(renamed == [RenamedPipeline(old: "invoices", new: "factures")])
    } else {
      #expect(renamed.isEmpty, "nobody has said yet that it is the same")
      try await start(bench, "factures", answer: "invoices", configured: ["factures"])
    }
    let held = try await bench.store.job(job.id)
    #expect(held.pipeline == "factures" && held.state == .paused && held.holds.map(\.kind) == [.restored])
    _ = try await bench.store.resume(job.id, by: StoreBench.person)
    let left = try await bench.store.dueDeliveries(pipeline: "factures", inFlight: [], limit: 10)
    #expect(left.map(\.invoice.number) == ["2", "3"])
    guard case .dailyLimit = try await bench.begin(left[0], perDay: 1) else {
      Issue.record("what the older name sent counts for the day")
      return
    }
    #expect(try await bench.store.unrecorded(pipeline: "factures", inFlight: [], limit: 10).due.map(\.id) == [due.id])
    #expect(try await bench.dueDeliveries().isEmpty)
  }

  @Test("nothing is taken from a pipeline that is still configured, nor where two could be meant")
  func takesNothing() async throws {
    let bench = try StoreBench()
    try await bench.add(numbers.map { .sample($0) })
    let job = try await start(bench, "invoices", configured: ["invoices"])
    let both: Set<String> = ["invoices", "factures"]
    for names in [both, ["factures", "facturen"]] {
      let choices = names.map { ($0, SeriesChoice(configured: "invoices", pipelines: names)) }
      _ = try await bench.store.adoptPipelines(Dictionary(uniqueKeysWithValues: choices))
      let kept = try await bench.store.job(job.id).pipeline
      // The first of two that begin at once is alone for a moment: it counts once both are there.
      #expect(names == both ? kept == "invoices" : names.contains(kept) || kept == "invoices")
    }
  }
}
