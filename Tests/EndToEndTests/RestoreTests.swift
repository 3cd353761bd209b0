import Foundation
import Model
import TestSupport
import Testing

@Suite("a backup that is put back", .startsPrograms)
struct RestoreTests {
  @Test("nothing that was sent since goes out again before a person says so, and each answer is done")
  func restored() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "60", "--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    let invoices = SampleInvoice.series(12)
    try await daemon.imports(invoices)
    try await daemon.startAll()
    try await eventually("3 mails") { try sandbox.log("delivered").count >= 3 }
    #expect(try await daemon.ctl("pause", "1").status == 0)
    #expect(try await daemon.ctl("backup", "b.db").status == 0)
    #expect(try await daemon.ctl("resume", "1").status == 0)
    try await daemon.job(is: .completed)
    try await daemon.stop()

    let database = daemon.state + "/store.db"
    for name in [database, database + "-wal", database + "-shm"] { try? FileManager.default.removeItem(atPath: name) }
    try FileManager.default.copyItem(atPath: daemon.inbox("b.db"), toPath: database)
    try await daemon.start()
    #expect(daemon.log.contains("the store was restored (it is the backup of "))
    let job = try await daemon.job(is: .waiting)
    #expect(job.counts.unknown > 0 && job.counts.left == 0)
    let shown = try await daemon.shownTrouble()
    #expect(shown.first?.contains("restaurée d'une sauvegarde, la facture est peut-être partie depuis") == true)

    // All of it had been sent: one by one, and the rest at once.
    let position = try #require(try await daemon.deliveries().first { $0.state == .unknown }?.position)
    #expect(try await daemon.ctl("resolve", "1", "\(position)", "sent").status == 0)
    let all = try await daemon.ctl("resolve", "1", "all", "sent")
    #expect(all.status == 0 && all.allLines.count == job.counts.unknown - 1)
    #expect(try await daemon.ctl("resolve", "1", "all", "sent").status == 3)
    try await daemon.job(is: .completed)
    #expect(try sandbox.delivered() == invoices.numbers)

    // New jobs wait as well, once.
    try await daemon.imports([SampleInvoice("F100")])
    let started = try await daemon.ctl("start", "--all")
    #expect(started.status == 6 && started.output.contains("la base de données vient d'une sauvegarde ou d'une copie"))
    #expect(try await daemon.ctl("resume", "2").status == 0)
    #expect(try await daemon.ctl("watch", "2").status == 0)
    #expect(try sandbox.delivered() == (invoices.numbers + ["F100"]).sorted())
  }
}
