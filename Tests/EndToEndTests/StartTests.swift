import Control
import Foundation
import Model
import TestSupport
import Testing

@Suite("starting, and looking before and after", .startsPrograms)
struct StartTests {
  @Test("an invoice on hold is not sent, and once released it is")
  func hold() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(3))
    #expect(try await daemon.ctl("hold", "F002", "--reason", "litige").status == 0)
    #expect(try await daemon.ctl("invoice", "F002").output.contains("litige"))
    let others = try await daemon.ctl("start", "--all")
    #expect(others.status == 6, "one was not sent: \(others)")
    #expect(others.lastLine == "✅ Envoi terminé : 2 succès, 0 erreur(s) sur 2 facture(s), 1 retenue(s)")
    #expect(try daemon.delivered() == ["F001", "F003"])
    let alone = try await daemon.ctl("start", "--number", "F002")
    #expect(alone.status == 3, "\(alone)")
    #expect(try await daemon.ctl("release", "F002").status == 0)
    #expect(try await daemon.ctl("release", "F002").status == 3)
    #expect(try await daemon.ctl("hold", "F999", "--reason", "x").status == 3)
    #expect(try await daemon.ctl("start", "--all").status == 0)
    #expect(try daemon.delivered() == ["F001", "F002", "F003"])
  }

  @Test("a number that is not there is named, and nothing starts: start, plan and dry run")
  func mistypedNumber() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(2))
    let start = try await daemon.ctl("start", "--number", "F001", "F9O2", locale: "en")
    #expect(start.status == 3)
    #expect(
      start.errors == "Not in the catalogue: F9O2. Nothing was started. The list: invoicectl invoices\n", "\(start)")
    let other = try await daemon.ctl("start", "--number", "F001", "--period", "2020-01", "--json")
    #expect(other.status == 3 && other.errors.contains(#""error":"NoSuchInvoices""#) && other.errors.contains("F001"))
    #expect(try await daemon.ctl("start", "--number", "F001", "F9O2", "--dry-run").status == 3)
    await #expect(throws: VarlinkError.noSuchInvoices(["F9O2"], excluded: [])) {
      _ = try await daemon.call(JobsInterface.PlanJob.self, .init(filter: .init(numbers: ["F001", "F9O2"])))
    }
    #expect(try await daemon.call(JobsInterface.ListJobs.self, .init()).jobs.isEmpty)
    #expect(try await daemon.ctl("start", "--number", " F001 ", "F001").status == 0, "white space is no mistake")
    #expect(try daemon.delivered() == ["F001"])
  }

  @Test("what a paused job has is not said to be sent, and the start does not end with 0")
  func inAnotherJob() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "150"])
    let daemon = try await RunningDaemon(.gmail(sandbox, ["concurrency": "1"]))
    try await daemon.imports(SampleInvoice.series(8))
    let first = try await daemon.startAll()
    let paused = try await daemon.ctl("pause", "\(first.id)")
    #expect(paused.status == 0)
    let left = try await daemon.job(first.id).counts.left
    try #require(left > 1)
    let again = try await daemon.ctl("start", "--period", "2026-10")
    #expect(again.status == 6, "\(again)")
    let has = "laissée(s) à un autre envoi (envoi \(first.id) : en pause)"
    #expect(again.output.hasPrefix("🚀 Début de l'envoi : 0 facture(s)") && again.lastLine.hasSuffix(has), "\(again)")
    let dry = try await daemon.ctl("start", "--all", "--dry-run")
    #expect(dry.lastLine.contains(has) && dry.lastLine.hasPrefix("Essai à blanc terminé : 0 prête(s)"), "\(dry)")
    let plan = try await daemon.call(JobsInterface.PlanJob.self, .init(filter: .init())).plan
    #expect(plan.due == 0 && plan.inOtherJobs + plan.already == 8 && plan.others?.map(\.job) == [first.id])
    let detached = try await daemon.ctl("start", "--all", "--detach", "--json")
    #expect(detached.status == 6)
    #expect(detached.output.contains("\"in_other_jobs\":\(plan.inOtherJobs),"), "\(detached)")
    #expect(try await daemon.ctl("show", "2").output.contains(has))
    #expect(try await daemon.ctl("resume", "\(first.id)").status == 0)
    try await daemon.job(first.id, is: .completed)
    let all = try await daemon.ctl("start", "--all")
    #expect(all.status == 0 && all.lastLine.hasSuffix("sur 0 facture(s), 8 déjà envoyée(s)"), "\(all)")
  }

  @Test("over the socket a start without a condition says `all`, and an empty list of numbers matches nothing")
  func everythingIsSaid() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(2))
    func start(_ filter: JobsInterface.Filter, all: Bool? = nil) async throws {
      _ = try await daemon.call(
        JobsInterface.Start.self, .init(request: UUID().uuidString, filter: filter, all: all))
    }
    for (filter, all, error) in [
      (JobsInterface.Filter(), nil, VarlinkError.invalidParameter("filter")),
      (.init(limit: 1), false, .invalidParameter("filter")), (.init(cct: "CCT1"), true, .invalidParameter("all")),
      (.init(numbers: []), true, .invalidParameter("all")), (.init(numbers: []), nil, .nothingMatched),
    ] {
      await #expect(throws: error) { try await start(filter, all: all) }
    }
    let none = JobsInterface.Filter(numbers: [])
    #expect(try await daemon.call(JobsInterface.PlanJob.self, .init(filter: none)).plan.due == 0)
    #expect(try await daemon.call(JobsInterface.ListInvoices.self, .init(filter: none)).invoices.isEmpty)
    #expect(try daemon.delivered().isEmpty)
    try await start(.init(limit: 1), all: true)
    try await daemon.job(is: .completed)
    #expect(try daemon.delivered() == ["F001"])
  }

  @Test("an occasion is one whatever stands around it and however its letters are composed")
  func occasionForms() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(1))
    for occasion in ["été", " été ", "e\u{301}te\u{301}"] {
      #expect(try await daemon.ctl("start", "--all", "--occasion", occasion).status == 0)
    }
    #expect(try daemon.delivered() == ["F001"])
    #expect(try await daemon.ctl("start", "--all", "--occasion", "e\u{200B}te").status == 1)
  }

  @Test("an occasion and a reason are one line of bounded length, and a reason says something")
  func bounds() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(1))
    for reason in ["", " \u{200B}", "a\nb", String(repeating: "é", count: 501)] {
      await #expect(throws: VarlinkError.invalidParameter("reason"), "\(reason)") {
        try await daemon.call(JobsInterface.HoldInvoice.self, .init(number: "F001", reason: reason))
      }
    }
    let long = String(repeating: "x", count: 129)
    await #expect(throws: VarlinkError.invalidParameter("occasion")) {
      try await daemon.call(JobsInterface.Start.self, .init(request: "r", filter: .init(), all: true, occasion: long))
    }
    _ = try await daemon.call(
      JobsInterface.HoldInvoice.self, .init(number: "F001", reason: String(repeating: "é", count: 500)))
  }

  @Test("a hold skips a delivery that is not begun")
  func holdPending() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "150"])
    let daemon = try await RunningDaemon(.gmail(sandbox, ["concurrency": "1"]))
    try await daemon.imports(SampleInvoice.series(5))
    let client = try daemon.begin(["start", "--all"])
    try await eventually("a job") { try await !daemon.call(JobsInterface.ListJobs.self, .init()).jobs.isEmpty }
    #expect(try await daemon.ctl("hold", "F005", "--reason", "litige").status == 0)
    #expect(try await client.end() == 6)
    #expect(
      client.output.contains("⏭️ Email 5/5 ignoré : CCT1 - F005.pdf : facture retenue (litige)"), "\(client.output)")
    #expect(try sandbox.delivered() == ["F001", "F002", "F003", "F004"])
  }

  @Test("a test goes to its address alone, and claims nothing")
  func testTo() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try daemon.inbox.write(SampleInvoice.series(2), as: "unused.csv")
    let manifest = try daemon.inbox.write(
      "copies.csv",
      "number,cct,period,file,to,cc,bcc\nF001,C,2026-10,F001.pdf,a@customer.example,b@customer.example,c@customer.example\n"
    )
    #expect(try await daemon.ctl("import", manifest).status == 0)
    #expect(try await daemon.ctl("start", "--all", "--test-to", "me@modele.example").status == 0)
    #expect(try sandbox.log("delivered").map { $0.recipients ?? [] } == [["me@modele.example"]])
    #expect(try await daemon.ctl("start", "--all").status == 0)
    #expect(
      try sandbox.log("delivered").last.map { ($0.recipients ?? []).sorted() }
        == ["a@customer.example", "b@customer.example", "c@customer.example"])
    #expect(try await daemon.ctl("start", "--all", "--test-to", "nobody").status == 1)
  }

  @Test("a test that was interrupted by a crash is cancelled, and not resumed")
  func testToAfterCrash() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "150"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try await daemon.imports(SampleInvoice.series(20))
    let started = try await daemon.ctl("start", "--all", "--test-to", "me@modele.example", "--detach")
    #expect(started.status == 0)
    try await eventually("2 mails") { try sandbox.log("delivered").count >= 2 }
    try await daemon.kill()
    try await daemon.start()
    let job = try await daemon.job(is: .cancelled)
    #expect(job.counts.cancelled > 0 && job.counts.left == 0)
    let mails = try sandbox.log("delivered")
    #expect(mails.count < 20 && mails.allSatisfy { $0.recipients == ["me@modele.example"] })
    #expect(try await daemon.job().testTo == "me@modele.example")
    // It claimed nothing: the real one sends all of them.
    #expect(try await daemon.ctl("start", "--all").lastLine.contains("20 succès, 0 erreur(s) sur 20 facture(s)"))
  }

  @Test("a dry run sends nothing, starts no job, and names what would fail")
  func dryRun() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try await daemon.imports(SampleInvoice.series(3))
    try FileManager.default.removeItem(atPath: daemon.inbox("F002.pdf"))
    try daemon.inbox.write("F003.pdf", SamplePDF.bytes("other"))
    let result = try await daemon.ctl("start", "--all", "--dry-run")
    #expect(result.status == 2)
    #expect(result.output.contains("✅ Email 1 prêt : CCT1 - F001.pdf"))
    #expect(result.output.contains("⚠️ Email 2 ERREUR : CCT1 - F002.pdf : le fichier n'est plus là"), "\(result.output)")
    #expect(result.output.contains("⚠️ Email 3 ERREUR : CCT1 - F003.pdf : le fichier a changé"), "\(result.output)")
    #expect(result.lastLine == "Essai à blanc terminé : 1 prête(s), 2 erreur(s) sur 3 facture(s). Rien n'a été envoyé.")
    #expect(try await daemon.call(JobsInterface.ListJobs.self, .init()).jobs.isEmpty)
    #expect(try sandbox.log("call").isEmpty)
    #expect(try await daemon.ctl("start", "--number", "F001", "--dry-run").status == 0)
  }

  @Test("a field that a template names and an invoice lacks fails that delivery alone")
  func missingField() async throws {
    var setting = DaemonSetting.maildir
    setting.subject = "Facture {{number}} de {{amount}}"
    let daemon = try await RunningDaemon(setting)
    try daemon.inbox.write(SampleInvoice.series(2), as: "unused.csv")
    let lines = [
      #"{"number":"F001","cct":"C","period":"2026-10","file":"F001.pdf","to":"a@customer.example","amount":"12 €"}"#,
      #"{"number":"F002","cct":"C","period":"2026-10","file":"F002.pdf","to":"b@customer.example"}"#,
    ]
    #expect(
      try await daemon.ctl("import", try daemon.inbox.write("m.jsonl", lines.joined(separator: "\n"))).status == 0)
    let result = try await daemon.ctl("start", "--all")
    #expect(result.status == 2 && result.lastLine.contains("1 succès, 1 erreur(s)"))
    #expect(result.output.contains("un champ du modèle manque à la facture (amount"), "\(result.output)")
  }

  @Test("the preview is the mail that is sent; lists and exports tell what became of it")
  func lists() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try await daemon.imports([
      SampleInvoice("F001"), SampleInvoice("F002", to: "reject@customer.example"),
      SampleInvoice("F003", cct: "CCT3", period: "2026-11"),
    ])
    let preview = try await daemon.ctl("preview", "F001")
    #expect(preview.status == 0)
    #expect(preview.output.contains("Facture F001") && preview.output.contains("voici la facture F001."))
    #expect(preview.output.contains("cf001@customer.example") && preview.output.contains("F001.pdf"))
    #expect(try await daemon.ctl("preview", "F999").status == 3)

    #expect(try await daemon.ctl("start", "--period", "2026-10").status == 2)
    func numbers(_ arguments: String...) async throws -> [String] {
      struct Line: Decodable { let number: String }
      let program = try daemon.begin(["invoices", "--json"] + arguments)
      try await program.end()
      return program.output.split(separator: "\n").compactMap {
        try? JSONDecoder().decode(Line.self, from: Data($0.utf8)).number
      }
    }
    #expect(try await numbers() == ["F001", "F002", "F003"])
    #expect(try await numbers("--unsent") == ["F002", "F003"])
    #expect(try await numbers("--failed") == ["F002"])
    #expect(try await numbers("--unknown").isEmpty)
    #expect(try await numbers("--cct", "CCT3") == ["F003"])

    let table = try await daemon.ctl("export", "1", "--format", "csv")
    let rows = table.output.components(separatedBy: "\r\n")
    #expect(rows.first?.hasPrefix("\u{FEFF}job,position,number,cct,period,file,recipients,state") ?? false)
    #expect(rows.count == 4 && rows[1].hasPrefix("1,1,F001,CCT1,2026-10,F001.pdf,cf001@customer.example,recorded"))
    #expect(rows[2].contains(",failed,"))
    let message = try #require(try sandbox.log("delivered").first?.message)
    #expect(rows[1].contains(",\(message),"))
    let lines = try await daemon.ctl("export", "--format", "jsonl", "--period", "2026-10")
    let deliveries = try lines.output.split(separator: "\n").map {
      try WireJSON.decode(Delivery.self, from: Data($0.utf8))
    }
    #expect(deliveries.map(\.number) == ["F001", "F002"] && deliveries[0].receipt?.message == message)
    #expect(try await daemon.ctl("export", "--period", "2026-11").output.components(separatedBy: "\r\n").count == 2)
  }

  @Test("the same request starts one job; with other conditions it is refused")
  func request() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(3))
    for _ in 1...2 {
      #expect(try await daemon.ctl("start", "--number", "F001", "--request", "monthly").status == 0)
    }
    #expect(try await daemon.call(JobsInterface.ListJobs.self, .init()).jobs.map(\.id) == [1])
    let other = try await daemon.ctl("start", "--number", "F002", "--request", "monthly")
    #expect(other.status == 3 && other.errors.contains("--request"))
    #expect(try daemon.delivered() == ["F001"])
    // Ten at a time, as an impatient program would.
    try await withThrowingTaskGroup(of: Int64.self) { group in
      for _ in 1...10 {
        group.addTask {
          try await daemon.call(
            JobsInterface.Start.self, .init(request: "again", filter: .init(numbers: ["F002", "F003"]))
          ).job.id
        }
      }
      for try await id in group { #expect(id == 2) }
    }
    try await daemon.job(2, is: .completed)
    #expect(try daemon.delivered() == ["F001", "F002", "F003"])
  }

  @Test("a rehearsal claims nothing, and an occasion sends once more, once")
  func rehearsalAndOccasion() async throws {
    let daemon = try await RunningDaemon(DaemonSetting(.maildir(delivers: false)))
    try await daemon.imports(SampleInvoice.series(2))
    for _ in 1...2 { #expect(try await daemon.ctl("start", "--all").lastLine.contains("2 succès")) }
    #expect(try daemon.delivered() == ["F001", "F001", "F002", "F002"])
    try await daemon.stop()
    try daemon.configure(.maildir)
    try await daemon.start()
    for _ in 1...2 {
      #expect(try await daemon.ctl("start", "--all").status == 0)
      #expect(try await daemon.ctl("start", "--all", "--occasion", "reminder-1").status == 0)
      #expect(try daemon.delivered().count == 4 + 4)
    }
  }
}
