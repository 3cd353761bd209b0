import Foundation
import Model
import TestSupport
import Testing

@Suite("SIGHUP", .startsPrograms)
struct ReloadTests {
  private static let reloaded = "was read again, and is in force"
  /// More than go into a Maildir before a command that comes next.
  private static let many = 120

  @Test("a new configuration counts from then on, in the middle of a job, of which every mail goes out once")
  func inTheMiddle() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "60", "--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox, ["concurrency": "1"]))
    let invoices = SampleInvoice.series(30)
    try await daemon.imports(invoices)
    try await daemon.startAll()
    try await eventually("a mail") { try !sandbox.log("delivered").isEmpty }
    var setting = DaemonSetting.gmail(sandbox, ["concurrency": "4"])
    setting.subject = "Relance {{number}}"
    setting.locale = "en"
    try daemon.configure(setting)
    daemon.program?.kill(SIGHUP)
    try await eventually("it says so") { daemon.log.contains(Self.reloaded) }
    try await daemon.job(is: .completed)
    #expect(try sandbox.delivered() == invoices.numbers)
    #expect(daemon.log.contains("Début de l'envoi"), "the journal began in French")
    try await eventually("and goes on in English") { daemon.log.contains("✅ [30/30] Email sent: ") }
    let subjects = try sandbox.log("delivered").compactMap(\.subject)
    #expect(subjects.first == "Facture F001" && subjects.last?.hasPrefix("Relance ") == true, "\(subjects)")
    #expect(try await daemon.stop() == 0)
  }

  @Test("a configuration that cannot be used changes nothing, and is told with its line")
  func bad() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "60", "--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try await daemon.imports(SampleInvoice.series(20))
    try await daemon.startAll()
    try await eventually("a mail") { try !sandbox.log("delivered").isEmpty }
    let good = try String(contentsOfFile: daemon.configuration, encoding: .utf8)
    for (bad, reason) in [
      (good + "nonsense: 1\n", "nonsense"), ("pipelines: [", "invoiced.yaml:2:"), ("", "pipelines"),
      (good.replacing("invoice.fr.txt", with: "nothing.txt"), "nothing.txt"),
    ] {
      try bad.write(toFile: daemon.configuration, atomically: false, encoding: .utf8)
      let before = daemon.log.count
      daemon.program?.kill(SIGHUP)
      try await eventually("it says why: \(reason); \(daemon.log)") {
        let new = String(daemon.log.dropFirst(before))
        return new.contains("the configuration stays as it was: ") && new.contains(reason)
      }
    }
    #expect(daemon.log.contains(Self.reloaded) == false)
    try await daemon.job(is: .completed)
    #expect(try sandbox.delivered() == SampleInvoice.series(20).numbers)
  }

  @Test("templates and files that would end the daemon or keep it waiting are refused by a reload")
  func hostile() async throws {
    let daemon = try await RunningDaemon(.maildir)
    let good = try String(contentsOfFile: daemon.configuration, encoding: .utf8)
    let template = daemon.folder + "/templates/invoice.fr.txt"
    let sections = String(repeating: "{{#number}}", count: 3_000) + String(repeating: "{{/number}}", count: 3_000)
    try sections.write(toFile: template, atomically: false, encoding: .utf8)
    try await refuses(daemon, "invoice.fr.txt:1:353: more than 32 sections inside each other")
    unlink(template)
    try #require(mkfifo(template, 0o600) == 0)
    try await refuses(daemon, "invoice.fr.txt: cannot be read: it is not a regular file")
    unlink(template)
    try "{{number}}".write(toFile: template, atomically: false, encoding: .utf8)
    let pipe = daemon.folder + "/pipe"
    try #require(mkfifo(pipe, 0o600) == 0)
    let send = "send: {use: gmail, from: a@modele.example, credential: \"\(pipe)\", ca_file: \"\(pipe)\"}"
    let lines = good.split(separator: "\n", omittingEmptySubsequences: false)
    let bad = lines.map { $0.contains("send: {") ? "    \(send)" : String($0) }.joined(separator: "\n")
    try bad.write(toFile: daemon.configuration, atomically: false, encoding: .utf8)
    try await refuses(daemon, "ca_file \(pipe): cannot be read: it is not a regular file")
    try await reload(daemon, good)
    try await daemon.imports(SampleInvoice.series(1))
    #expect(try await daemon.ctl("start", "--all").status == 0)
    #expect(try await daemon.stop() == 0)
  }

  private func refuses(_ daemon: RunningDaemon, _ reason: String) async throws {
    let before = daemon.log.count
    daemon.program?.kill(SIGHUP)
    try await eventually("it says why: \(reason); \(daemon.log)") {
      let new = String(daemon.log.dropFirst(before))
      return new.contains("the configuration stays as it was: ") && new.contains(reason)
    }
  }

  @Test("the job of a pipeline that goes waits until it comes back; one that comes can be used at once")
  func pipelines() async throws {
    let daemon = try await RunningDaemon(.maildir)
    try await daemon.imports(SampleInvoice.series(Self.many))
    let good = try String(contentsOfFile: daemon.configuration, encoding: .utf8)
    let job = try await daemon.startAll()
    #expect(try await daemon.ctl("pause", "\(job.id)").status == 0)
    let before = try daemon.mails().count
    try #require(before < Self.many)
    try await reload(daemon, good.replacing("  invoices:", with: "  second:"))
    try await eventually("it says who waits") { daemon.log.contains("job 1 belongs to the pipeline invoices, which") }
    #expect(try await daemon.ctl("start", "invoices", "--all", "--yes").status == 1)
    let second = try await daemon.ctl("start", "second", "--number", "F001", "--yes", locale: "en")
    #expect(second.status == 3, "\(second)")
    #expect(second.errors.contains("`series: invoices` goes on with it, `series: new` begins anew."), "\(second)")
    #expect(try await daemon.ctl("resume", "\(job.id)").status == 0)
    #expect(try daemon.mails().count <= before + 2, "what was in hand")
    try await reload(daemon, good)
    try await daemon.job(job.id, is: .completed)
    #expect(try daemon.mails().count == Self.many)
  }

  @Test("a renamed pipeline sends nothing again: it refuses, and with the old series goes on with the open job, too")
  func renamed() async throws {
    let daemon = try await RunningDaemon(.maildir)
    let invoices = SampleInvoice.series(Self.many)
    try await daemon.imports(invoices)
    let good = try String(contentsOfFile: daemon.configuration, encoding: .utf8)
    #expect(try await daemon.ctl("start", "--number", "F001").status == 0)
    let job = try await daemon.startAll()
    #expect(try await daemon.ctl("pause", "\(job.id)").status == 0)
    try #require(try daemon.mails().count < Self.many)
    try await reload(daemon, good.replacing("  invoices:", with: "  factures:"))
    for arguments in [["--all"], ["--number", "F002"], ["--all", "--occasion", "rappel"], ["--all", "--dry-run"]] {
      let program = try daemon.begin(["start"] + arguments)
      #expect(try await program.end() == 3)
      #expect(program.errors.contains("envoyées par le pipeline invoices"), "\(program.errors)")
    }
    try await reload(daemon, good.replacing("  invoices:", with: "  factures:\n    series: invoices"))
    #expect(try await daemon.job(job.id).pipeline == "factures")
    #expect(daemon.log.contains("the pipeline factures takes over the jobs, holds and limits of invoices"))
    #expect(try await daemon.ctl("start", "--all").status == 6, "the paused job has them")
    #expect(try await daemon.ctl("resume", "\(job.id)").status == 0)
    try await daemon.job(job.id, is: .completed)
    let again = try await daemon.ctl("start", "--all")
    #expect(again.status == 0 && again.lastLine.hasSuffix(", \(Self.many) déjà envoyée(s)"), "\(again)")
    #expect(try daemon.delivered() == invoices.numbers)
  }

  @Test("a renamed pipeline begins anew when somebody says so, and sends everything once more, once")
  func anew() async throws {
    let daemon = try await RunningDaemon(.maildir)
    try await daemon.imports(SampleInvoice.series(2))
    #expect(try await daemon.ctl("start", "--all").status == 0)
    let good = try String(contentsOfFile: daemon.configuration, encoding: .utf8)
    try await reload(daemon, good.replacing("  invoices:", with: "  factures:"))
    #expect(try await daemon.ctl("start", "--all", "--series", "invoics").status == 3)
    #expect(try await daemon.ctl("start", "--all", "--series", "new").status == 0)
    try await reload(daemon, good.replacing("  invoices:", with: "  factures:\n    series: new"))
    #expect(try await daemon.ctl("start", "--all").status == 0)
    #expect(try daemon.delivered() == ["F001", "F001", "F002", "F002"])
  }

  @Test(
    "a job that began as a rehearsal sends nothing real, and one that began as real ends as that, whatever is configured",
    arguments: [false, true])
  func rehearsals(_ beganReal: Bool) async throws {
    let daemon = try await RunningDaemon(.maildir, starts: false)
    let real = { (path: String, delivers: Bool) in
      DaemonSetting(
        .maildir(delivers: delivers), send: ["path": "\"\(daemon.folder)/\(path)\""])
    }
    func count(_ path: String) -> Int {
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(daemon.folder)/\(path)/new")) ?? []).count
    }
    try daemon.configure(real(beganReal ? "real" : "rehearsal", beganReal))
    try await daemon.start()
    try await daemon.imports(SampleInvoice.series(Self.many))
    let job = try await daemon.startAll()
    #expect(try await daemon.ctl("pause", "\(job.id)").status == 0)
    try daemon.configure(real(beganReal ? "rehearsal" : "real", !beganReal))
    try await reload(daemon, nil)
    let before = (count("real"), count("rehearsal"))
    try #require(before.0 + before.1 < Self.many)
    #expect(try await daemon.ctl("resume", "\(job.id)").status == 0)
    try await eventually("it is held") { try await daemon.job(job.id).holds.first?.code == .senderChanged }
    let shown = try await daemon.ctl("show", "\(job.id)", locale: "en").output
    #expect(
      shown.contains("the pipeline has changed between rehearsal and real sending since the job began"), "\(shown)")
    #expect((count("real"), count("rehearsal")) == before)
    // As it was, it goes on; and then everything went out once.
    try daemon.configure(real(beganReal ? "real" : "rehearsal", beganReal))
    try await reload(daemon, nil)
    #expect(try await daemon.ctl("resume", "\(job.id)").status == 0)
    try await daemon.job(job.id, is: .completed)
    #expect(
      beganReal
        ? (count("real"), count("rehearsal")) == (Self.many, 0) : (count("real"), count("rehearsal")) == (0, Self.many))
    try daemon.configure(real("real", true))
    try await reload(daemon, nil)
    #expect(try await daemon.ctl("start", "--all", "--yes").status == 0)
    #expect(count("real") == Self.many)
  }

  @Test("another time zone is told of as long as it is not that of the process")
  func timezone() async throws {
    let daemon = try await RunningDaemon(.maildir)
    let good = try String(contentsOfFile: daemon.configuration, encoding: .utf8)
    let warnings = { daemon.log.components(separatedBy: "the new time zone takes effect after a restart").count - 1 }
    for (zone, count) in [("Europe/Brussels", 1), ("Europe/Brussels", 2), ("UTC", 2)] {
      try await reload(daemon, good.replacing("timezone: UTC", with: "timezone: \(zone)"))
      #expect(warnings() == count, "\(zone)")
    }
  }

  /// Writes a configuration, unless it stands there already, and has it taken up.
  private func reload(_ daemon: RunningDaemon, _ text: String?) async throws {
    let times = { daemon.log.components(separatedBy: Self.reloaded).count }
    let before = times()
    try text?.write(toFile: daemon.configuration, atomically: false, encoding: .utf8)
    daemon.program?.kill(SIGHUP)
    try await eventually("it is in force; \(daemon.log.suffix(2000))") { times() > before }
  }

  @Test("the service manager hears of a reload, of the loop that turns, and of the stop")
  func manager() async throws {
    let manager = try NotifySocket()
    defer { manager.remove() }
    let daemon = try await RunningDaemon(.maildir, starts: false)
    daemon.prepareStarts { [path = manager.path] in ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "1000000"] }
    var seen: [String] = []
    func next(_ wanted: String) -> String {
      // Signs of life come four times a second, whatever else does not.
      for _ in 0..<200 {
        guard let message = manager.receive() else { return "" }
        seen.append(message)
        if message.hasPrefix(wanted) { return message }
      }
      return ""
    }
    async let started: Void = daemon.start()
    #expect(next("EXTEND_TIMEOUT_USEC=") == "EXTEND_TIMEOUT_USEC=60000000")
    #expect(next("READY=1") == "READY=1\nSTATUS=idle")
    try await started
    // At once: a signal that comes with the first word of being ready is not lost.
    daemon.program?.kill(SIGHUP)
    #expect(next("RELOADING=1\nMONOTONIC_USEC=").isEmpty == false, "\(seen)")
    #expect(next("READY=1") == "READY=1", "\(seen)")
    for _ in 0..<5 { #expect(next("WATCHDOG=1") == "WATCHDOG=1", "\(seen)") }
    #expect(try await daemon.stop() == 0)
    #expect(next("STOPPING=1").hasPrefix("STOPPING=1"), "\(seen)")
  }
}
