import Foundation
import Model
import TestSupport
import Testing

@Suite("a sender in trouble", .startsPrograms)
struct SenderTroubleTests {
  @Test(
    "a revoked credential holds the job with a remedy; once replaced, resume sends the rest, and nothing has failed")
  func revoked() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "50", "--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    let invoices = SampleInvoice.series(20)
    try await daemon.imports(invoices)
    let client = try daemon.begin(["start", "--all"])
    try await eventually("3 mails") { try sandbox.log("delivered").count >= 3 }
    try sandbox.tokens("revoke")
    #expect(try await client.end() == 6)
    #expect(client.output.contains("⏸️ Envoi en pause : identifiant du compte d'envoi refusé"), "\(client.output)")
    #expect(client.output.contains("remplacez l'identifiant du compte d'envoi"))
    #expect(client.output.contains("redémarrez invoiced, l'envoi continuera de lui-même"))
    let held = try await daemon.job(is: .paused)
    #expect(held.counts.failed == 0 && held.counts.unknown == 0)
    #expect(held.holds.map(\.kind) == [.sender] && held.holds.first?.code == .credentialInvalid)
    #expect(try await daemon.ctl("status").output.contains("identifiant du compte d'envoi refusé"))
    #expect(daemon.log.contains("<4>") && daemon.log.contains("identifiant du compte d'envoi refusé"))

    // The same account gets a working credential: here, the sandbox is started again.
    let attempts = try await daemon.deliveries().map(\.attempt)
    #expect(attempts.allSatisfy { $0 <= 2 })
    let url = sandbox.url
    sandbox.stop()
    let port = String(url.split(separator: ":").last ?? "")
    let again = try RunningSandbox(
      ["--latency-ms", "50", "--units-per-minute", "0", "--port", port], state: sandbox.state, keepsFolder: true)
    #expect(try await daemon.ctl("resume", "1").status == 0)
    #expect(try await daemon.ctl("watch", "1").status == 0)
    let job = try await daemon.job(is: .completed)
    #expect(job.counts.sent == 20 && job.counts.failed == 0)
    #expect(try again.delivered() == invoices.numbers)
  }

  @Test("a clock that is wrong is said in status and in the log, and a limit is waited for by Google's clock")
  func wrongClock() async throws {
    // By this machine's clock, the time that is named is an hour ago.
    let sandbox = try RunningSandbox(["--clock-ahead=-3600"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try sandbox.rule(
      #"{"on":"drafts.send","do":"status","status":403,"reason":"userRateLimitExceeded","retry_in_text":2}"#)
    try await daemon.imports(SampleInvoice.series(2))
    let start = ContinuousClock.now
    #expect(try await daemon.ctl("start", "--all").status == 0)
    #expect(ContinuousClock.now - start >= .seconds(1))
    let status = try await daemon.ctl("status").output
    #expect(status.contains("en avance de 3600 s") || status.contains("en avance de 3601 s"), "\(status)")
    #expect(daemon.log.contains("ahead of the sender's"), "\(daemon.log)")
    #expect(try sandbox.delivered() == SampleInvoice.series(2).numbers)
  }

  @Test("a rate limit that names its end is waited for; it costs no attempt and fails nothing")
  func rateLimit() async throws {
    let sandbox = try RunningSandbox(["--ratelimit-seconds", "2"])
    var setting = DaemonSetting.gmail(sandbox)
    // One attempt: were the waiting counted, the delivery would fail.
    setting.retry = "{attempts: 1}"
    let daemon = try await RunningDaemon(setting)
    var invoices = SampleInvoice.series(6)
    invoices[1].to = "ratelimit@customer.example"
    try await daemon.imports(invoices)
    let start = ContinuousClock.now
    #expect(try await daemon.ctl("start", "--all").status == 0)
    #expect(ContinuousClock.now - start >= .seconds(1))
    #expect(try sandbox.delivered() == invoices.numbers)
    let sends = try sandbox.log("call").filter { $0.call == "drafts.send" }
    #expect(sends.filter { $0.reason == "userRateLimitExceeded" }.count == 1)
    let drafts = try sandbox.log("call").filter { $0.call == "drafts.create" }
    #expect(drafts.count == 6, "the draft is used again")
    #expect(try await daemon.job().counts.sent == 6)
  }

  @Test("a daily limit holds the sender, and lets the job go on by itself")
  func dailyLimit() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox, ["messages_per_day": "2"]))
    try await daemon.imports(SampleInvoice.series(4))
    try await daemon.startAll()
    let job = try await daemon.job(is: .paused)
    #expect(job.holds.map(\.kind) == [.daily])
    try await eventually("2 mails") { try sandbox.delivered().count == 2 }
    #expect(try await daemon.job().counts.failed == 0)
    try await daemon.stop()
    try daemon.configure(.gmail(sandbox, ["messages_per_day": "100"]))
    try await daemon.start()
    try await daemon.job(is: .completed)
    #expect(try sandbox.delivered() == SampleInvoice.series(4).numbers)
  }
}
