import Foundation
import Model
import TestSupport
import Testing

@Suite("what people do to jobs", .startsPrograms)
struct JobControlTests {
  @Test("pause begins nothing more, resume goes on, cancel ends; each is refused with 3 where it cannot be")
  func pauseResumeCancel() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "100", "--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    // So many that the job lasts for longer than a busy machine needs to run `pause`.
    try await daemon.imports(SampleInvoice.series(100))
    try await daemon.startAll()
    try await eventually("a mail") { try !sandbox.log("delivered").isEmpty }

    let paused = try await daemon.ctl("pause", "1")
    #expect(
      paused.status == 0 && paused.output.contains("demandé par une personne → pour continuer : invoicectl resume 1"))
    try await eventually("the sends in flight are done") {
      try await !daemon.deliveries().contains { $0.state == .sending || $0.state == .sent }
    }
    let before = try sandbox.log("delivered").count
    try await Task.sleep(for: .milliseconds(600))  // longer than a whole delivery takes
    #expect(try sandbox.log("delivered").count == before && before < 100)
    try await daemon.restart()
    #expect(try await daemon.job().state == .paused, "a restart is no resume")
    #expect(try await daemon.ctl("resume", "1").status == 0)
    let notPaused = try await daemon.ctl("resume", "1")
    #expect(notPaused.status == 3 && notPaused.errors.contains("Pas possible dans l'état actuel"))
    try await eventually("more mails") { try sandbox.log("delivered").count > before }

    #expect(try await daemon.ctl("cancel", "1").status == 0)
    let job = try await daemon.job(is: .cancelled)
    #expect(job.counts.cancelled > 0 && job.counts.sent + job.counts.cancelled == 100 && job.counts.left == 0)
    try await daemon.stop()  // nothing is in flight any more
    #expect(try sandbox.log("delivered").count == job.counts.sent)
    #expect(Set(try sandbox.delivered()).count == job.counts.sent)
    try await daemon.start()
    for command in ["pause", "resume", "cancel", "retry"] {
      let refused = try await daemon.ctl(command, "1")
      #expect(refused.status == 3 && refused.errors.contains("Pas possible dans l'état actuel"), "\(command)")
      #expect(try await daemon.ctl(command, "99").status == 3, "\(command)")
    }
    let watched = try await daemon.ctl("watch", "1")
    #expect(watched.status == 6 && watched.lastLine.hasPrefix("🚫 Envoi annulé : "))

    // What was cancelled is due again, and what was sent is not.
    let rest = try await daemon.ctl("start", "--all")
    #expect(rest.status == 0)
    #expect(try sandbox.delivered() == SampleInvoice.series(100).numbers)
  }

  @Test("a cancelled job leaves no draft behind")
  func drafts() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "100", "--units-per-minute", "0", "--ratelimit-seconds", "10"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try await daemon.imports([SampleInvoice("F001", to: "ratelimit@customer.example")])
    try await daemon.startAll()
    try await daemon.delivery(1, is: .prepared)
    #expect(try await daemon.ctl("cancel", "1").status == 0)
    try await daemon.job(is: .cancelled)
    try await eventually("the draft is taken back; calls: \(calls(sandbox)); \(daemon.log)", within: .seconds(30)) {
      try FileManager.default.contentsOfDirectory(atPath: sandbox.state.path + "/drafts").isEmpty
    }
    #expect(try sandbox.delivered().isEmpty)
  }

  private func calls(_ sandbox: RunningSandbox) -> [String] {
    ((try? sandbox.log("call")) ?? []).map { "\($0.call ?? "") \($0.status ?? 0)" }
  }

  @Test("a refused address is corrected by an import, and retry sends that invoice, once")
  func retry() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try await daemon.imports([SampleInvoice("F001"), SampleInvoice("F002", to: "reject@customer.example")])
    #expect(try await daemon.ctl("start", "--all").status == 2)
    let failed = try await daemon.delivery(2, is: .failed)
    #expect(failed.code == .recipientRefused || failed.code == .invalidRecipient)
    let shown = try await daemon.ctl("show", "1", "--failed")
    #expect(shown.output.contains("F002") && shown.output.contains("reject@customer.example"))

    let same = try await daemon.ctl("retry", "1")
    #expect(same.status == 0 && same.output.contains("0 livraison(s)"), "nothing has changed: \(same.output)")
    let permanent = try await daemon.ctl("retry", "1", "--include-permanent")
    #expect(permanent.status == 0 && permanent.output.contains("1 livraison(s)"))
    try await daemon.delivery(2, is: .failed)
    try await daemon.job(is: .completed)

    try await daemon.imports([SampleInvoice("F002", to: "ann@customer.example")])
    let retried = try await daemon.ctl("retry", "1")
    #expect(retried.status == 0 && retried.output.contains("1 livraison(s)"))
    #expect(try await daemon.ctl("watch", "1").status == 0)
    #expect(try sandbox.delivered() == ["F001", "F002"])
    #expect(try await daemon.ctl("retry", "1").output.contains("0 livraison(s)"))
    #expect(try await daemon.job().counts.sent == 2)
  }

  @Test("a person decides: sent after the draft was sent by hand, not-sent only with --force when it is gone")
  func resolveGone() async throws {
    // Nothing is inferred, so that a consumed draft is asked about.
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox, ["infer_within": "0s"]))
    try sandbox.rule(#"{"on":"drafts.send","do":"drop_after","times":2}"#)
    try await daemon.imports([SampleInvoice("F001"), SampleInvoice("F002"), SampleInvoice("F003")])
    let started = try await daemon.ctl("start", "--all")
    #expect(started.status == 4 && started.lastLine.hasSuffix(", 2 à vérifier"), "\(started.output)")
    let asked = try await daemon.deliveries().filter { $0.state == .unknown }.map(\.position)
    try #require(asked.count == 2)
    #expect(try await daemon.deliveries().filter { $0.code == .draftGone }.map(\.position) == asked)
    let listed = try await daemon.ctl("invoices", "--unknown", "--json")
    #expect(listed.output.split(separator: "\n").count == 2)

    let sent = try await daemon.ctl("resolve", "1", "\(asked[0])", "sent")
    #expect(sent.status == 0)
    let again = try await daemon.ctl("resolve", "1", "\(asked[0])", "sent")
    #expect(again.status == 3 && again.errors.contains("Pas possible dans l'état actuel"))
    let maybe = try await daemon.ctl("resolve", "1", "\(asked[1])", "not-sent")
    #expect(maybe.status == 4 && maybe.errors.contains("--force"))
    #expect(try await daemon.deliveries()[asked[1] - 1].state == .unknown)
    #expect(try await daemon.ctl("resolve", "1", "\(asked[1])", "not-sent", "--force").status == 0)
    try await daemon.job(is: .completed)
    #expect(try await daemon.job().counts.sent == 3)
    // The person said so against the evidence: this one was sent twice.
    let twice = try await daemon.deliveries()[asked[1] - 1].number
    #expect(try sandbox.delivered() == (["F001", "F002", "F003"] + [twice]).sorted())
    #expect(try await daemon.ctl("resolve", "1", "99", "sent").status == 3)
    #expect(try await daemon.ctl("resolve", "99", "1", "sent").status == 3)
  }

  @Test("not-sent takes the draft back first, and the job sends a new one")
  func resolveEdited() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox, ["settle": "60s"]))
    // The send is lost before it was executed; then a person changes the draft.
    try sandbox.rule(#"{"on":"drafts.send","do":"drop_before"}"#)
    try await daemon.imports([SampleInvoice("F001")])
    let started = try daemon.begin(["start", "--all"])
    try await started.wrote("invoiced vérifie encore 1 facture(s)")
    let draft = try #require(try sandbox.log("call").first { $0.call == "drafts.create" }?.draft)
    try sandbox.person("edit", draft)
    #expect(try await started.end() == 4, "it waited as long as the daemon looked by itself")
    #expect(try await daemon.deliveries()[0].code == .draftEdited)
    #expect(try await daemon.ctl("resolve", "1", "1", "not-sent").status == 0)
    try await daemon.job(is: .completed)
    #expect(try sandbox.delivered() == ["F001"])
    #expect(try sandbox.log("delivered").first?.draft != draft, "the changed draft is gone")
    #expect(try sandbox.log("call").contains { $0.call == "drafts.delete" && $0.draft == draft && $0.status == 204 })
  }

  @Test("a draft that a person deleted meanwhile is asked about, and not sent again by itself")
  func deleted() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox, ["infer_within": "0s", "settle": "60s"]))
    try sandbox.rule(#"{"on":"drafts.send","do":"drop_before"}"#)
    try await daemon.imports([SampleInvoice("F001")])
    try await daemon.startAll()
    try await daemon.delivery(1, is: .unknown)
    let draft = try #require(try sandbox.log("call").first { $0.call == "drafts.create" }?.draft)
    try sandbox.person("delete", draft)
    #expect(try await daemon.ctl("watch", "1").status == 4, "a person is asked")
    #expect(try await daemon.deliveries()[0].code == .draftGone)
    try await daemon.restart()
    #expect(try await daemon.job(is: .waiting).counts.unknown == 1)
    #expect(try await daemon.ctl("start", "--all").status == 4, "it is claimed, and nobody knows whether it was sent")
    #expect(try await daemon.job(2).counts.toCheck == 1)
    #expect(try sandbox.delivered().isEmpty)
    #expect(try await daemon.ctl("resolve", "1", "1", "not-sent", "--force").status == 0)
    try await daemon.job(is: .completed)
    #expect(try sandbox.delivered() == ["F001"])
  }
}
