import Foundation
import Model
import TestSupport
import Testing

@Suite("a sender that waits", .startsPrograms)
struct WaitTests {
  @Test("a limit is told until when, in the command, in status and in the journal, and so is its end")
  func limit() async throws {
    let sandbox = try RunningSandbox(["--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox, ["concurrency": "1", "tell_waits_from": "1s"]))
    try sandbox.rule(
      #"{"on":"drafts.send","skip":1,"do":"status","status":429,"reason":"rateLimitExceeded","message":"Slow down","retry_after":4}"#
    )
    try await daemon.imports(SampleInvoice.series(3))
    let client = try daemon.begin(["start", "--all"])
    try await client.wrote("⏸️ Envoi en attente jusqu'à ")
    let job = try await daemon.job()
    #expect(job.state == .running && job.wait?.code == .rateLimited && job.wait?.until != nil)
    let status = try await daemon.ctl("status").output
    #expect(
      status.contains("le service d'envoi limite le nombre de messages (HTTP 429 rateLimitExceeded: Slow down)"),
      "\(status)")
    #expect(status.contains("en cours, attend jusqu'à "), "\(status)")
    #expect(try await daemon.ctl("show", "1").output.contains("Slow down"))
    #expect(try await client.end() == 0)
    let told = client.output.split(separator: "\n").filter { $0.hasPrefix("⏸️") || $0.hasPrefix("▶️") }
    #expect(told.count == 2 && told.last?.hasPrefix("▶️ L'envoi continue") == true, "\(client.output)")
    #expect(daemon.log.contains("Envoi en attente jusqu'à"))
    #expect(try await daemon.job().wait == nil)
  }

  @Test("a host that cannot be reached is told, and the job goes on by itself once it answers")
  func unreachable() async throws {
    let sandbox = try RunningSandbox(["--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox, ["tell_waits_from": "200ms"]))
    let port = String(sandbox.url.split(separator: ":").last ?? "")
    try await daemon.imports(SampleInvoice.series(3))
    sandbox.stop()
    let client = try daemon.begin(["start", "--all", "--json"])
    try await client.wrote("\"code\":\"unreachable\"")
    let job = try await daemon.job()
    #expect(job.state == .running && job.wait?.code == .unreachable && job.wait?.until == nil)
    #expect(try await daemon.ctl("status").output.contains("nouvel essai automatique : service d'envoi injoignable"))
    let again = try RunningSandbox(
      ["--units-per-minute", "0", "--port", port], state: sandbox.state, keepsFolder: true)
    #expect(try await client.end() == 0)
    let events = client.output.split(separator: "\n").filter { $0.contains(#""kind":"wait""#) }
    #expect(events.count == 2 && events.last?.contains(#""wait":"#) == false, "\(client.output)")
    #expect(try again.delivered() == SampleInvoice.series(3).numbers)
  }
}
