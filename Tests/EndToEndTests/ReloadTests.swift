import Foundation
import Model
import TestSupport
import Testing

@Suite("SIGHUP", .startsPrograms)
struct ReloadTests {
  private static let reloaded = "was read again, and is in force"

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

  @Test("a pipeline that comes can be used at once, and the job of one that goes waits until it comes back")
  func pipelines() async throws {
    let daemon = try await RunningDaemon(.maildir)
    try await daemon.imports(SampleInvoice.series(3))
    let good = try String(contentsOfFile: daemon.configuration, encoding: .utf8)
    let second = good.replacing("  invoices:", with: "  second:")
    try second.write(toFile: daemon.configuration, atomically: false, encoding: .utf8)
    daemon.program?.kill(SIGHUP)
    try await eventually("it is in force") { daemon.log.contains(Self.reloaded) }
    #expect(try await daemon.ctl("start", "invoices", "--all", "--yes").status == 1)
    #expect(try await daemon.ctl("start", "second", "--all", "--yes").status == 0)
    #expect(try daemon.mails().count == 3)
  }

  @Test("the service manager hears of a reload, of the loop that turns, and of the stop")
  func manager() async throws {
    let manager = try NotifySocket()
    defer { manager.remove() }
    let daemon = try await RunningDaemon(.maildir, starts: false)
    daemon.prepareStarts { [path = manager.path] in ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "1000000"] }
    try await daemon.start()
    var seen: [String] = []
    func next(_ wanted: String) -> String {
      while let message = manager.receive() {
        seen.append(message)
        if message.hasPrefix(wanted) { return message }
      }
      return ""
    }
    #expect(next("EXTEND_TIMEOUT_USEC=") == "EXTEND_TIMEOUT_USEC=60000000")
    #expect(next("READY=1") == "READY=1\nSTATUS=idle")
    for _ in 0..<5 { #expect(next("WATCHDOG=1") == "WATCHDOG=1", "\(seen)") }
    daemon.program?.kill(SIGHUP)
    #expect(next("RELOADING=1\nMONOTONIC_USEC=").isEmpty == false, "\(seen)")
    #expect(next("READY=1") == "READY=1", "\(seen)")
    #expect(next("WATCHDOG=1") == "WATCHDOG=1", "the new loops turn: \(seen)")
    #expect(try await daemon.stop() == 0)
    #expect(next("STOPPING=1").hasPrefix("STOPPING=1"), "\(seen)")
  }
}
