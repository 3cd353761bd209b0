import Control
import Foundation
import Model
import Synchronization
import Testing

@testable import Ctl

/// The other commands, as processes, against a daemon that answers from a script.
@Suite(.timeLimit(.minutes(2))) struct CommandTests {
  private func delivery(_ position: Int, _ state: DeliveryState, code: ErrorCode? = nil) -> Delivery {
    Delivery(
      id: Int64(position) + 100, job: 7, position: position, number: "F\(position)", cct: "=CCT",
      period: Period(year: 2026, month: 11), file: "F\(position).pdf", recipients: ["a@example.be", "b@example.be"],
      state: state, attempt: 2, code: code, detail: code == nil ? nil : "no \"such\" user",
      receipt: state == .sent
        ? Receipt(message: "m1", account: "facturation@example.be", at: SampleJob.start, inferred: true) : nil,
      updatedAt: SampleJob.start)
  }

  private func run(
    _ arguments: [String], input: String = "", _ answer: @escaping @Sendable (VarlinkCall) async throws -> Void
  ) async throws -> (status: Int32, output: String, errors: String) {
    try await inFolder { folder in
      let socket = "\(folder)/s"
      return try await FakeDaemon.serving(at: socket, answer) {
        try await Program.run(["--socket", socket] + arguments, input: input, folder: folder)
      }
    }
  }

  @Test("lists are read page by page to the last one")
  func pages() async throws {
    let positions = Mutex<[Int64?]>([])
    let run = try await run(["--json", "export", "--format", "csv"]) { call in
      let after = try call.parameters(as: JobsInterface.ListDeliveries.Parameters.self).after
      positions.withLock { $0.append(after) }
      let page = Int(after ?? 0)
      try await call.reply(
        JobsInterface.ListDeliveries.Reply(
          deliveries: [delivery(page + 1, .sent)], next: page < 2 ? Int64(page) + 1 : nil))
    }
    #expect(positions.withLock { $0 } == [nil, 1, 2])
    #expect(run.output.split(separator: "\r\n").count == 4)
    #expect(run.status == 0)
  }

  @Test("export writes receipts, quoted, with formulas disarmed")
  func export() async throws {
    let run = try await run(["export"]) { call in
      try await call.reply(
        JobsInterface.ListDeliveries.Reply(
          deliveries: [delivery(1, .sent), delivery(2, .failed, code: .recipientRefused)], next: nil))
    }
    let time = WireJSON.text(of: SampleJob.start)
    #expect(
      run.output == """
        \u{FEFF}job,position,number,cct,period,file,recipients,state,attempt,code,detail,sent_at,message,thread,account,inferred,updated_at\r
        7,1,F1,'=CCT,2026-11,F1.pdf,"a@example.be, b@example.be",sent,2,,,\(time),m1,,facturation@example.be,true,\(time)\r
        7,2,F2,'=CCT,2026-11,F2.pdf,"a@example.be, b@example.be",failed,2,recipient_refused,"no ""such"" user",,,,,,\(time)\r

        """)
  }

  @Test("show puts what a person has to decide first, then failures with their reason")
  func show() async throws {
    let run = try await run(["show", "7"]) { call in
      if call.method == "GetJob" {
        var job = SampleJob()
        (job.state, job.holds) = (.paused, [Hold(kind: .human, detail: "vacances", since: SampleJob.start)])
        return try await call.reply(JobsInterface.JobReply(job: job.job))
      }
      let states = try call.parameters(as: JobsInterface.ListDeliveries.Parameters.self).states ?? []
      let all = [
        delivery(1, .sent), delivery(2, .failed, code: .recipientRefused), delivery(3, .unknown, code: .answerLost),
      ]
      try await call.reply(
        JobsInterface.ListDeliveries.Reply(deliveries: all.filter { states.contains($0.state) }, next: nil))
    }
    let order = ["En pause", "❓ 3  F3", "invoicectl resolve 7 3", "⚠️ 2  F2", "destinataire refusé", "envoyée (déduit)"]
    let places = order.map { text in run.output.range(of: text)?.lowerBound }
    #expect(!places.contains(nil))
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    #expect(run.status == 0)
  }

  @Test("resolve carries the attempt that stands there, and the person's answer")
  func resolve() async throws {
    let asked = Mutex<JobsInterface.Resolve.Parameters?>(nil)
    let run = try await run(["resolve", "7", "3", "not-sent", "--force"]) { call in
      if call.method == "ListDeliveries" {
        let after = try call.parameters(as: JobsInterface.ListDeliveries.Parameters.self).after
        #expect(after == 2)
        return try await call.reply(
          JobsInterface.ListDeliveries.Reply(deliveries: [delivery(3, .unknown)], next: 3))
      }
      let parameters = try call.parameters(as: JobsInterface.Resolve.Parameters.self)
      asked.withLock { $0 = parameters }
      try await call.reply(JobsInterface.Resolve.Reply(delivery: delivery(3, .pending)))
    }
    #expect(asked.withLock { $0 } == .init(job: 7, position: 3, attempt: 2, outcome: .notSent, force: true))
    #expect(run.output == "Livraison 3, facture F3 : à envoyer.\n")
  }

  @Test("a delivery whose draft is gone is said to be not sent with --force alone, and show says so")
  func draftGone() {
    let wording = Wording(language: .fr)
    let ways = { (code: ErrorCode) in wording.waysOut(of: delivery(3, .unknown, code: code)).last ?? "" }
    #expect(ways(.draftGone).hasSuffix("non : invoicectl resolve 7 3 not-sent --force"))
    #expect(ways(.draftEdited).hasSuffix("non : invoicectl resolve 7 3 not-sent"))
  }

  @Test("resolve all, where no delivery came from a backup, says so")
  func resolveNothingRestored() async throws {
    let run = try await run(["--locale", "en", "resolve", "7", "all", "sent"]) { call in
      try await call.reply(
        JobsInterface.ListDeliveries.Reply(deliveries: [delivery(3, .unknown, code: .draftGone)], next: nil))
    }
    #expect(run.status == 3)
    #expect(run.errors == "No delivery of job 7 is to be decided after a restore. The list: invoicectl show 7\n")
  }

  @Test("an error of the daemon is one sentence, or one object with --json")
  func errors() async throws {
    let plain = try await run(["--locale", "en", "pause", "9"]) { _ in throw VarlinkError.noSuchJob(9) }
    #expect(plain.errors == "There is no job 9. The list: invoicectl jobs\n")
    #expect(plain.output == "")
    #expect(plain.status == 3)
    let json = try await run(["--json", "--locale", "en", "pause", "9"]) { _ in throw VarlinkError.noSuchJob(9) }
    #expect(json.errors == "{\"error\":\"NoSuchJob\",\"message\":\"There is no job 9. The list: invoicectl jobs\"}\n")
  }

  @Test("a name in an invoice cannot move the cursor")
  func sanitised() async throws {
    let run = try await run(["preview", "F1"]) { call in
      try await call.reply(
        JobsInterface.PreviewInvoice.Reply(
          message: .init(
            to: [Mailbox(name: "\u{1B}[2JEve\r", address: "e@example.be")], cc: [], bcc: [], subject: "a\u{9B}31mb",
            text: "Bonjour\u{1B}]0;x\u{7}\n\tà vous\n", html: nil, attachments: [])))
    }
    #expect(!run.output.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" || $0.value == 0x9B })
    #expect(run.output.contains("\tà vous\n"))
  }

  @Test("bad lines of an import are sorted by line, and keep it from being applied: 1")
  func importBad() async throws {
    let begun = Mutex<JobsInterface.BeginImport.Parameters?>(nil)
    let text = Mutex("")
    let report = JobsInterface.ImportReport(added: 0, updated: 0, unchanged: 0, bad: 2, warnings: 1, applied: false)
    let run = try await run(["import", "-", "--locale", "en"], input: "number;cct\nF1;é\n") { call in
      switch call.method {
      case "BeginImport":
        let parameters = try call.parameters(as: JobsInterface.BeginImport.Parameters.self)
        begun.withLock { $0 = parameters }
        try await call.reply(JobsInterface.BeginImport.Reply(importID: "i"))
      case "AddRows":
        let rows = try call.parameters(as: JobsInterface.AddRows.Parameters.self).text
        text.withLock { $0 += rows }
      default:
        try await call.reply(
          JobsInterface.CommitImport.Reply(
            problems: [
              .init(line: 9, column: "cct", code: "a_new_reason", value: ""),
              .init(line: 2, column: "période", code: "another", value: "janv-25"),
            ],
            warnings: [.init(line: 5, column: "number", code: "number_twin", value: "00125 (125)")]), continues: true)
        try await call.reply(JobsInterface.CommitImport.Reply(report: report))
      }
    }
    #expect(
      run.output == """
        -:2: column "période": another: janv-25
        -:9: column "cct": a_new_reason
        -:5: warning: column "number": number almost the same as that of another invoice: 00125 (125)
        ❌ Nothing was imported: 2 bad line(s). Correct them, or leave them out with --skip-bad

        """)
    #expect(run.status == 1)
    #expect(begun.withLock { $0 }?.format == .csv)
    #expect(begun.withLock { $0 }?.folder.hasPrefix("/tmp/ctl-") == true)
    #expect(text.withLock { $0 } == "number;cct\nF1;é\n")
  }

  @Test("--skip-bad is no advice where nothing could be imported without the bad line", arguments: [true, false])
  func importUnreadable(_ skipBad: Bool) async throws {
    let options = skipBad ? ["--skip-bad"] : []
    let run = try await run(["import", "-", "--locale", "en"] + options, input: "No;CCT\n") { call in
      switch call.method {
      case "BeginImport": try await call.reply(JobsInterface.BeginImport.Reply(importID: "i"))
      case "AddRows": break
      default:
        let code = skipBad ? "csv_quote" : "header_found"
        try await call.reply(
          JobsInterface.CommitImport.Reply(
            problems: [.init(line: 1, column: nil, code: code, value: "No, CCT")],
            report: .init(added: 0, updated: 0, unchanged: 0, bad: 1, warnings: 0, applied: false)))
      }
    }
    #expect(run.output.contains("correct the header or the quotation marks, --skip-bad is no help here"))
    #expect(run.status == 1)
  }

  @Test("bad lines that were left out: 2")
  func importSkipped() async throws {
    let run = try await run(["import", "-", "--skip-bad", "--locale", "en"], input: "{}\n") { call in
      switch call.method {
      case "BeginImport": try await call.reply(JobsInterface.BeginImport.Reply(importID: "i"))
      case "AddRows": break
      default:
        #expect(try call.parameters(as: JobsInterface.CommitImport.Parameters.self).skipBad == true)
        try await call.reply(
          JobsInterface.CommitImport.Reply(
            report: .init(added: 1, updated: 0, unchanged: 4, bad: 1, warnings: 3, applied: true)))
      }
    }
    #expect(run.output == "✅ Import complete: 1 added, 0 updated, 4 unchanged, 1 line(s) left out, 3 warning(s)\n")
    #expect(run.status == 2)
  }

  @Test("a dry run shows each invoice, and ends with 2 when some would fail")
  func dryRun() async throws {
    let run = try await run(["start", "--dry-run"]) { call in
      var line = DeliveryLine(
        position: 1, number: "F1", cct: "C1", file: "F1.pdf", recipients: ["a@example.be"], state: .sent)
      let warning = JobsInterface.DryRun.Warning(number: "F1", code: "file_shared", value: "F1.pdf (F9, C9)")
      try await call.reply(JobsInterface.DryRun.Reply(delivery: line, warning: warning), continues: true)
      (line.position, line.state, line.code, line.detail) = (2, .failed, .fieldMissing, "iban")
      try await call.reply(JobsInterface.DryRun.Reply(delivery: line), continues: true)
      var counts = Counts(total: 2)
      (counts.sent, counts.failed, counts.left) = (1, 1, 0)
      try await call.reply(JobsInterface.DryRun.Reply(counts: counts))
    }
    #expect(
      run.output == """
        ✅ Email 1 prêt : C1 - F1.pdf → a@example.be
           Attention : facture F1 : même PDF que la facture d'un autre client : F1.pdf (F9, C9)
        ⚠️ Email 2 ERREUR : C1 - F1.pdf : un champ du modèle manque à la facture (iban)
        Essai à blanc terminé : 1 prête(s), 1 erreur(s) sur 2 facture(s). Rien n'a été envoyé.

        """)
    #expect(run.status == 2)
  }
}
