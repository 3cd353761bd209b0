import Foundation
import TestSupport
import Testing

/// bench/run does the same with 200 and 2,000 invoices and the release build.
@Suite("the daemon's memory", .timeLimit(.minutes(4)))
struct MemoryTests {
  /// Two deliveries at a time hold some pieces of 64 KiB each; a single PDF that was read as a whole would be more.
  private static let permittedGrowth = 4 << 20

  @Test("six times as many invoices of 1 MB need no more memory")
  func flat() async throws {
    let sandbox = try RunningSandbox(["--units-per-minute", "0", "--calls-at-once", "0", "--messages-per-day", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox, ["messages_per_day": "0"]))
    try daemon.inbox.write("large.pdf", Data("%PDF-1.4\n".utf8) + Data(repeating: 0x2e, count: 1_000_000))
    var peaks: [Int] = []
    for (job, count) in [20, 120].enumerated() {
      var manifest = "number;cct;period;file;to\n"
      for i in 1...count { manifest += "L\(job)-\(i);C\(i % 7);2026-10;large.pdf;c\(i)@customer.example\n" }
      let imported = try await daemon.ctl("import", try daemon.inbox.write("month.csv", manifest))
      #expect(imported.status == 0, "\(imported.errors)")
      let sent = try await daemon.ctl("start", "--all", within: .seconds(120))
      #expect(sent.output.contains("Envoi terminé : \(count) succès, 0 erreur(s)"), "\(sent.lastLine) \(sent.errors)")
      peaks.append(try #require(daemon.program).memory())
    }
    let growth = peaks[1] - peaks[0]
    #expect(growth < Self.permittedGrowth, "\(growth >> 10) KiB more than \(peaks[0] >> 10) KiB")
  }
}
