import Foundation
import Model
import TestSupport
import Testing

extension CrashTests {
  @Test(
    "without power at random moments, with what was not synced gone, it still sends each invoice once",
    .timeLimit(.minutes(60)))
  func losesPower() async throws {
    let settings = CrashSettings()
    print("CRASH_SEED=\(settings.seed) POWER_CUTS=\(settings.powerCuts)")
    let sum = await Self.sum(settings.worldsWithoutPower) { try await $0.run() }
    #expect(sum.kills >= settings.powerCuts)
    #expect(sum.died > 0)
  }

  @Test(
    "killed between a sync and those who wait for it, or in the middle of a batch, it sends everything once",
    arguments: [TracedDisk.Fault.killAfterSync, .killInWrite])
  func killedAtDisk(_ fault: TracedDisk.Fault) async throws {
    let worlds = [2, 8].map { World.Setting(seed: 2, concurrency: $0, kills: 0, isWatched: true) }
    let counts: [UInt8] = fault == .killAfterSync ? [2, 3, 5, 7] : [3, 9, 17, 26]
    let sum = await Self.sum(worlds) { try await $0.run(fault, counts) }
    #expect(sum.unknown.isEmpty && sum.failed.isEmpty && sum.mails == sum.invoices)
    #expect(sum.kills == worlds.count * counts.count && sum.died > 0)
  }

  @Test("a Maildir without power has each mail once, whole, and every one that the history calls sent")
  func maildirLosesPower() async throws {
    let settings = CrashSettings()
    var random = SeededGenerator(seed: settings.seed)
    let daemon = try await RunningDaemon(starts: false)
    let maildir = daemon.folder + "/maildir"
    try FileManager.default.createDirectory(atPath: maildir, withIntermediateDirectories: true)
    let disk = try TracedDisk([daemon.state, maildir])
    daemon.prepareStarts {
      try disk.begin()
      return try disk.environment()
    }
    try await daemon.start()
    let invoices = SampleInvoice.series(200)
    try await daemon.imports(invoices)
    let job = try await daemon.startAll("r")
    for cut in 1...max(3, settings.powerCuts / 3) {
      let count = min(180, cut * 180 / max(3, settings.powerCuts / 3))
      try await eventually("\(count) mails") { try daemon.mails().count >= count }
      try await daemon.kill()
      try disk.losePower(&random)
      let sent = try await sentAccordingToHistory(daemon)
      let there = RunningDaemon.values(of: "Subject", in: try daemon.mails()).map {
        String($0.dropFirst("Facture ".count))
      }
      #expect(Set(there).count == there.count, "a mail came twice")
      #expect(Set(sent).isSubset(of: Set(there)), "seed \(settings.seed): \(Set(sent).subtracting(there)) is lost")
    }
    try await eventually("the job settles; \(daemon.log.suffix(2000))") { try await daemon.isSettled(job) }
    let mails = try daemon.mails()
    #expect(mails.allSatisfy { $0.hasSuffix("--\r\n") }, "a mail is not whole")
    let numbers = RunningDaemon.values(of: "Subject", in: mails).map { String($0.dropFirst("Facture ".count)) }
    #expect(Set(numbers) == Set(invoices.map(\.number)) && numbers.count == invoices.count)
  }

  /// As the next daemon, which is left running, has found it, before it sends anything: what it says is sent.
  private func sentAccordingToHistory(_ daemon: RunningDaemon) async throws -> [String] {
    try await daemon.start()
    let lines = try await daemon.ctl("--json", "export").output.split(separator: "\n")
    return try lines.map { try WireJSON.decode(Delivery.self, from: Data($0.utf8)) }
      .filter { $0.state == .sent || $0.state == .recorded }.map(\.number)
  }
}
