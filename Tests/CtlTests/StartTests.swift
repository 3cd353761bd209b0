import Control
import Foundation
import Model
import Synchronization
import Testing

@testable import Ctl

/// `invoicectl start` and `watch`, as processes, against a daemon that answers from a script.
@Suite(.timeLimit(.minutes(2))) struct StartTests {
  private static let alreadyOne: Counts = {
    var counts = Counts()
    counts.already = 1
    return counts
  }()
  private static let plan = JobsInterface.Plan(
    pipeline: "invoices", sender: "gmail", delivers: true, series: "invoices", due: 3, leftOut: alreadyOne,
    periods: ["2026-10": 2, "2026-11": 1], customers: 2,
    examples: [
      DeliveryLine(
        position: 1, number: "F1", cct: "CCT1", file: "F1.pdf", recipients: ["a1@example.be"], state: .pending)
    ])

  /// Runs the program against a daemon; `watch` answers Watch, and the calls' names are kept.
  private func withDaemon<R: Sendable>(
    watch: @escaping @Sendable (VarlinkCall) async throws -> Void, held: [Hold] = [],
    _ body: (String, Calls) async throws -> R
  ) async throws -> R {
    try await inFolder { folder in
      let calls = Calls()
      let socket = "\(folder)/s"
      return try await FakeDaemon.serving(at: socket) { call in
        calls.note(call.method)
        switch call.method {
        case "PlanJob": try await call.reply(JobsInterface.PlanJob.Reply(plan: Self.plan))
        case "Start": try await call.reply(JobsInterface.JobReply(job: SampleJob().job))
        case "GetStatus": try await call.reply(SampleJob.status)
        case "GetJob":
          var sample = SampleJob()
          if !held.isEmpty { (sample.holds, sample.state) = (held, .paused) }
          try await call.reply(JobsInterface.JobReply(job: sample.job))
        case "Watch": try await watch(call)
        default: throw VarlinkError.methodNotFound(call.method)
        }
      } _: {
        try await body(socket, calls)
      }
    }
  }

  private static let toTheEnd: @Sendable (VarlinkCall) async throws -> Void = { call in
    try await call.send(SampleJob.events)
    try await call.reply(JobsInterface.Watch.Reply(end: true))
  }

  @Test("start prints one line for each event, and ends with 2 when a delivery failed")
  func streams() async throws {
    try await withDaemon(watch: Self.toTheEnd) { socket, _ in
      let run = try await Program.run(["--socket", socket, "start", "--all"])
      #expect(run.output == SampleJob.lines.map { $0 + "\n" }.joined())
      #expect(run.errors == "")
      #expect(run.status == 2)
    }
  }

  @Test("--json passes on the daemon's own bytes")
  func json() async throws {
    try await withDaemon(watch: Self.toTheEnd) { socket, _ in
      let run = try await Program.run(["--socket", socket, "--json", "start", "--period", "2026-11"])
      let bytes = try SampleJob.events.map { String(decoding: try WireJSON.encode($0), as: UTF8.self) + "\n" }
      #expect(run.output == bytes.joined())
      #expect(run.errors == "")
    }
  }

  @Test("without a terminal and without a condition nothing is started")
  func needsCondition() async throws {
    try await withDaemon(watch: Self.toTheEnd) { socket, calls in
      let run = try await Program.run(["--socket", socket, "start", "--yes", "--limit", "5"])
      #expect(run.status == 1)
      #expect(run.errors == "Sans terminal, précisez lesquelles : --cct, --period, --number ou --all.\n")
      #expect(calls.names == [])
    }
  }

  @Test("on a terminal the plan is shown, and no stands for no")
  func asksAndStays() async throws {
    try await withDaemon(watch: Self.toTheEnd) { socket, calls in
      let program = try Program(["--socket", socket, "start"], columns: 100)
      try await program.output(until: "Envoyer ? (o/N) ")
      try program.type("\n")
      let run = await program.end()
      #expect(run.status == 0)
      #expect(
        ScreenText.lines(of: run.output) == [
          "3 facture(s) à envoyer à 2 client(s), par « invoices » (gmail)", "Périodes : 2026-10 (2), 2026-11 (1)",
          "Par exemple :", "  F1  CCT1 - F1.pdf → a1@example.be", "Non reprises : 1 déjà envoyée(s)",
          "Envoyer ? (o/N) ", "Rien n'a été envoyé.",
        ])
      #expect(calls.names == ["PlanJob"])
    }
  }

  @Test("a resend takes what was sent already, too, and the question says so")
  func asksForResend() async throws {
    try await withDaemon(watch: Self.toTheEnd) { socket, calls in
      let program = try Program(
        ["--socket", socket, "--locale", "en", "start", "--resend", "--reason", "lost"], columns: 100)
      let text = try await program.output(until: "Send? (y/N) ")
      #expect(text.contains("4 invoice(s) to send, through \"invoices\" (gmail)"))
      #expect(text.contains("1 invoice(s) that were sent already are taken as well."))
      #expect(!text.contains("Left out"))
      try program.type("n\n")
      #expect(await program.end().status == 0)
      #expect(calls.names == ["PlanJob"])
    }
  }

  @Test("the question names the occasion")
  func asksForOccasion() async throws {
    try await withDaemon(watch: Self.toTheEnd) { socket, _ in
      let program = try Program(["--socket", socket, "start", "--occasion", "rappel-1"], columns: 100)
      let text = try await program.output(until: "Envoyer ? (o/N) ")
      #expect(text.contains("Occasion « rappel-1 » : un envoi de plus des mêmes factures."))
      try program.type("n\n")
      #expect(await program.end().status == 0)
    }
  }

  @Test("the question before a test says where everything goes")
  func asksForTest() async throws {
    try await withDaemon(watch: Self.toTheEnd) { socket, calls in
      let program = try Program(
        ["--socket", socket, "--locale", "en", "start", "--test-to", "me@x.example"], columns: 100)
      let text = try await program.output(until: "Send? (y/N) ")
      #expect(text.contains("Test: everything goes to me@x.example alone"))
      try program.type("n\n")
      #expect(await program.end().status == 0)
      #expect(calls.names == ["PlanJob"])
    }
  }

  @Test("a pipeline that begins where another has sent asks which series it goes on with, and starts with the answer")
  func asksForSeries() async throws {
    let question = SeriesQuestion(
      pipeline: "factures", invoices: 700,
      others: [SeriesQuestion.Use(series: "invoices", pipeline: "invoices", sent: 612, open: 0)])
    let asked: @Sendable (String, String) async throws -> (String, Int32, [String]) = { answer, next in
      let series = Calls()
      let run = try await inFolder { folder in
        try await FakeDaemon.serving(at: "\(folder)/s") { call in
          guard call.method == "PlanJob" else { throw VarlinkError.methodNotFound(call.method) }
          let selection = try call.parameters(as: JobsInterface.Selection.self)
          series.note(selection.series ?? "none")
          var plan = Self.plan
          plan.question = selection.series == nil ? question : nil
          try await call.reply(JobsInterface.PlanJob.Reply(plan: plan))
        } _: {
          let program = try Program(["--socket", "\(folder)/s", "--locale", "en", "start"], columns: 300)
          try await program.output(until: "Which one? (invoices/new) series: ")
          try program.type("\(answer)\n")
          try await program.output(until: next)
          try? program.type("n\n")
          return await program.end()
        }
      }
      return (run.output, run.status, series.names)
    }
    let (text, status, series) = try await asked("invoices", "Send? (y/N) ")
    #expect(
      text.contains(
        "The pipeline factures begins, and the catalogue holds 700 invoice(s). 612 of these were sent by the pipeline "
          + "invoices: `series: invoices` goes on with it, `series: new` begins anew."))
    #expect(status == 0 && series == ["none", "invoices"])
    #expect(try await asked("y", "Nothing was sent.").2 == ["none"], "yes is no answer")
  }

  @Test("the bar tells the job's speed, not that at which its older events arrive")
  func speedOfOldEvents() async throws {
    let gate = Gate()
    let watch: @Sendable (VarlinkCall) async throws -> Void = { call in
      try await call.send(SampleJob.events[..<3])  // one a second
      await gate.opened()
      try await call.send(SampleJob.events[3...])
      try await call.reply(JobsInterface.Watch.Reply(end: true))
    }
    try await withDaemon(watch: watch) { socket, _ in
      let program = try Program(["--socket", socket, "watch", "7", "--locale", "en"], columns: 100)
      let text = try await program.output(until: " left")
      let isOneASecond = text.contains(#/%  \d\d/min/#)
      #expect(isOneASecond, "\(text)")
      gate.open()
      #expect(await program.end().status == 2)
    }
  }

  @Test("yes starts; the bar stands under the lines and is gone at the end")
  func asksAndStarts() async throws {
    let gate = Gate()
    let watch: @Sendable (VarlinkCall) async throws -> Void = { call in
      try await call.send(SampleJob.events[..<3])
      await gate.opened()
      try await call.send(SampleJob.events[3...])
      try await call.reply(JobsInterface.Watch.Reply(end: true))
    }
    try await withDaemon(watch: watch) { socket, calls in
      let program = try Program(["--socket", socket, "start", "--locale", "en"], columns: 40)
      try await program.output(until: "Send? (y/N) ")
      try program.type("y\n")
      let half = ScreenText.lines(of: try await program.output(until: "2/3  66%  "))
      #expect(half.last?.hasPrefix("[████████░░░░░] 2/3  66%  00:0") == true)
      #expect(half.allSatisfy { !$0.contains("█") || $0 == half.last })
      gate.open()
      let run = await program.end()
      #expect(run.status == 2)
      let lines = ScreenText.lines(of: run.output)
      #expect(lines.suffix(2).first?.hasPrefix("⚠️ Email 3/3 ERROR") == true)
      #expect(lines.last == "✅ Sending finished: 2 sent, 1 error(s) of 3 invoice(s)")
      #expect(!lines.contains { $0.contains("█") })
      #expect(run.errors.isEmpty)
      #expect(calls.names == ["PlanJob", "Start", "GetStatus", "Watch"])
    }
  }

  @Test("the clock of the bar goes on while nothing happens")
  func ticks() async throws {
    let watch: @Sendable (VarlinkCall) async throws -> Void = { call in
      try await call.send(SampleJob.events[..<1])
      try await Task.sleep(for: .seconds(100))
    }
    try await withDaemon(watch: watch) { socket, _ in
      let program = try Program(["--socket", socket, "start", "--yes"], columns: 80)
      // A busy machine may skip a second.
      try await program.output { output in Set(output.matches(of: /\d\d:\d\d écoulé/).map { $0.output }).count >= 3 }
      program.interrupt()
      #expect(await program.end().status == 130)
    }
  }

  @Test("^C leaves the job running, and says how to watch it")
  func interrupt() async throws {
    let watch: @Sendable (VarlinkCall) async throws -> Void = { call in
      try await call.send(SampleJob.events[..<2])
      try await Task.sleep(for: .seconds(100))
    }
    try await withDaemon(watch: watch) { socket, calls in
      let program = try Program(["--socket", socket, "start", "--all"])
      try await program.output(until: SampleJob.lines[1])
      program.interrupt()
      let run = await program.end()
      #expect(run.status == 130)
      #expect(run.errors == "L'envoi 7 continue. Pour le suivre : invoicectl watch 7\n")
      #expect(!calls.names.contains("Cancel"))
    }
  }

  @Test("a hold that only a person ends is an end, with 6")
  func heldByAPerson() async throws {
    let hold = Hold(kind: .sender, code: .credentialInvalid, since: SampleJob.start)
    let watch: @Sendable (VarlinkCall) async throws -> Void = { call in
      var job = SampleJob()
      try await call.send([job.event(1, .start)])
      (job.state, job.holds) = (.paused, [hold])
      try await call.send([job.event(2, .paused)])
      try await Task.sleep(for: .seconds(100))
    }
    try await withDaemon(watch: watch, held: [hold]) { socket, _ in
      let run = try await Program.run(["--socket", socket, "start", "--all"])
      #expect(run.status == 6)
      #expect(run.output.contains("redémarrez invoiced, l'envoi continuera de lui-même"))
    }
  }

  @Test(
    "while the daemon looks for an unknown delivery by itself it waits and says so; 4 comes with the need of a person")
  func looking() async throws {
    let gate = Gate()
    let watch: @Sendable (VarlinkCall) async throws -> Void = { call in
      var job = SampleJob()
      try await call.send([job.event(1, .start)])
      (job.state, job.counts.left, job.counts.sent, job.counts.unknown) = (.waiting, 0, 2, 1)
      var done = job.event(2, .complete)
      done.looking = 1
      try await call.send([done])
      await gate.opened()
      let line = DeliveryLine(
        position: 3, number: "F3", cct: "CCT3", file: "F3.pdf", recipients: [], state: .unknown, code: .draftEdited)
      try await call.send([job.event(3, .progress, delivery: line)])
      try await call.reply(JobsInterface.Watch.Reply(end: true))
    }
    try await withDaemon(watch: watch) { socket, _ in
      let program = try Program(["--socket", socket, "start", "--all"])
      try await program.output(until: "invoiced vérifie encore 1 facture(s)")
      gate.open()
      let run = await program.end()
      #expect(run.status == 4)
      let lines = run.output.split(separator: "\n")
      #expect(lines.last == "✅ Envoi terminé : 2 succès, 0 erreur(s) sur 3 facture(s), 1 à vérifier", "\(run.output)")
    }
  }

  @Test("a hold of an earlier event that is gone is no end")
  func heldBefore() async throws {
    let watch: @Sendable (VarlinkCall) async throws -> Void = { call in
      var job = SampleJob()
      (job.state, job.holds) = (.paused, [Hold(kind: .human, since: SampleJob.start)])
      try await call.send([job.event(1, .paused)])
      (job.state, job.counts) = (.completed, Counts(total: 0))
      try await call.send([job.event(2, .complete)])
      try await call.reply(JobsInterface.Watch.Reply(end: true))
    }
    try await withDaemon(watch: watch) { socket, _ in
      let run = try await Program.run(["--socket", socket, "start", "--all"])
      #expect(run.status == 0)
    }
  }

  @Test("--detach says the job's number and returns")
  func detach() async throws {
    try await withDaemon(watch: Self.toTheEnd) { socket, calls in
      let run = try await Program.run(["--socket", socket, "start", "--all", "--detach"])
      #expect(run.output == "Envoi 7 commencé : 3 facture(s).\n")
      #expect(run.status == 0)
      #expect(!calls.names.contains("Watch"))
    }
  }
}

/// The methods that were called, in their order.
final class Calls: Sendable {
  private let list = Mutex<[String]>([])

  var names: [String] { list.withLock { $0 } }
  func note(_ name: String) { list.withLock { $0.append(name) } }
}

/// Lets one task wait until another says so.
final class Gate: Sendable {
  private let stream: AsyncStream<Void>
  private let continuation: AsyncStream<Void>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream(of: Void.self) }

  func open() { continuation.finish() }
  func opened() async { for await _ in stream {} }
}

/// A fresh folder, removed at the end.
func inFolder<R>(_ body: (String) async throws -> R) async throws -> R {
  let folder = "/tmp/ctl-\(UUID().uuidString.prefix(8))"
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder)
}
