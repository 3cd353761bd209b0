import Foundation
import Model
import TestSupport
import Testing

@Suite("a daemon that dies or stops in the middle of a job", .startsPrograms)
struct CrashTests {
  private static let invoices = SampleInvoice.series(24)

  @Test("killed three times in the middle of sends, it has sent each invoice once, and the client stays with it")
  func killedWithGmail() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "150", "--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox, ["concurrency": "4"]))
    try await daemon.imports(Self.invoices)
    let client = try daemon.begin(["start", "--all"])
    var inDoubt = 0
    for count in [3, 9, 15] {
      try await eventually("\(count) mails") { try sandbox.log("delivered").count >= count }
      try await daemon.kill()
      try await daemon.start()
      inDoubt += daemon.program?.errors.components(separatedBy: "à vérifier").count ?? 0
    }
    // The client leaves when nothing but unknown deliveries is left; those are found out about without it.
    #expect([0, 4].contains(try await client.end()))
    #expect(client.output.contains("✅ Envoi terminé : "))
    let lines = client.output.split(separator: "\n").filter { $0.contains("envoyé :") }
    #expect(Set(lines).count == lines.count, "a line came twice")
    let job = try await daemon.job(is: .completed)
    #expect(job.counts.sent == 24 && job.counts.total == 24)
    #expect(try sandbox.delivered() == Self.invoices.numbers)
    #expect(inDoubt > 0, "no kill fell into a send")
  }

  @Test("killed at random in the middle of a job, it has put each invoice into the Maildir once")
  func killedWithMaildir() async throws {
    let daemon = try await RunningDaemon()
    let invoices = SampleInvoice.series(150)
    try await daemon.imports(invoices)
    try await daemon.startAll()
    for count in [10, 50, 90] {
      try await eventually("\(count) mails") { try daemon.mails().count >= count }
      try await daemon.kill()
      try await daemon.start()
    }
    let job = try await daemon.job(is: .completed)
    #expect(job.counts.sent == 150 && job.counts.total == 150)
    #expect(try daemon.delivered() == invoices.numbers)
    #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.folder + "/maildir/tmp").count <= 6)
  }

  @Test("SIGTERM finishes what is being sent, ends with 0, and the next start goes on")
  func stopped() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "150", "--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try await daemon.imports(Self.invoices)
    try await daemon.startAll()
    try await eventually("4 mails") { try sandbox.log("delivered").count >= 4 }
    #expect(try await daemon.stop() == 0)
    let sent = try sandbox.log("delivered").count
    #expect(sent < 24)
    try await daemon.start()
    let job = try await daemon.job(is: .completed)
    #expect(job.counts.sent == 24)
    #expect(try sandbox.delivered() == Self.invoices.numbers)
    #expect(try await daemon.deliveries().allSatisfy { $0.attempt == 1 && $0.receipt?.inferred == false })
  }

  @Test("a second daemon on the same state ends with 3, says so, and leaves the first one alone")
  func second() async throws {
    let daemon = try await RunningDaemon()
    var arguments = daemon.arguments
    arguments[5] = daemon.folder + "/other"
    let second = try RunningProgram("invoiced", arguments)
    #expect(try await second.end() == 3)
    #expect(second.errors.contains("another invoiced has \(daemon.state)/lock"))
    #expect(try await daemon.ctl("status").status == 0)
  }
}
