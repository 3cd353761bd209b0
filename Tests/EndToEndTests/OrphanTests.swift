import Foundation
import Model
import TestSupport
import Testing

@Suite("drafts that nobody will send", .startsPrograms)
struct OrphanTests {
  private func places(_ sandbox: RunningSandbox) throws -> [String] { try sandbox.drafts().map(\.id) }

  @Test("what a crash leaves is gone after the next start; drafts of a person and of another store stay")
  func crash() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox))
    let others = try [
      sandbox.draft(), sandbox.draft(header: ["X-Invoiced-Key: facture 1.1"]),
      sandbox.draft(header: ["X-Invoiced-Key: 0123456789abcdef.1.1"]),
    ]
    // Each draft is made, and its answer never comes.
    try sandbox.rule(#"{"on":"drafts.create","do":"stall","ms":60000,"execute":true,"times":2}"#)
    try await daemon.imports(SampleInvoice.series(3))
    try await daemon.startAll()
    try await eventually("two drafts are made") { try places(sandbox).count == 5 }
    try await daemon.kill()
    try await daemon.start()
    try await daemon.job(is: .completed)
    try await eventually("no draft of ours is left; \(daemon.log)") { try places(sandbox) == others }
    #expect(try sandbox.delivered() == SampleInvoice.series(3).numbers)
    #expect(try await daemon.deliveries().allSatisfy { $0.attempt == 1 })
  }

  @Test("the draft that an open delivery will send stays, its orphan and that of a paused pending one do not")
  func open() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox, ["concurrency": "1"]))
    // The first delivery's draft is made; then the sender is held.
    try sandbox.rule(#"{"on":"drafts.send","do":"status","status":403,"reason":"domainPolicy"}"#)
    try await daemon.imports(SampleInvoice.series(2))
    try await daemon.startAll()
    try await daemon.delivery(1, is: .prepared)
    let own = try #require(try sandbox.drafts().last?.id)
    #expect(try await daemon.ctl("pause", "1").status == 0)
    try await daemon.kill()
    // As the last daemon would have left them: the first delivery's draft made twice, one of the second delivery.
    let key = try #require(try sandbox.drafts().last?.key.flatMap { DeliveryKey($0) })
    _ = try sandbox.draft(header: ["X-Invoiced-Key: \(key)"])
    let pending = DeliveryKey(store: key.store, delivery: key.delivery + 1, preparation: 1)
    _ = try sandbox.draft(header: ["X-Invoiced-Key: \(pending)"])
    try await daemon.start()
    try await eventually("the orphans are gone; \(daemon.log)") { try places(sandbox) == [own] }
    try await eventually("the open one was looked at") {
      try sandbox.log("call").contains { $0.call == "drafts.get" && $0.draft == own }
    }
    #expect(try await daemon.job().state == .paused && places(sandbox) == [own])
    #expect(try await daemon.ctl("resume", "1").status == 0)
    try await daemon.job(is: .completed)
    #expect(try sandbox.delivered() == ["F001", "F002"])
    #expect(try sandbox.log("delivered").first { $0.subject == "Facture F001" }?.draft == own)
  }

  @Test(
    "a draft whose answer was lost is gone without a restart, also where it is made after its upload was given up",
    arguments: [#""do":"drop_after""#, #""do":"execute_later","ms":700,"status":503"#])
  func lostAnswer(_ deed: String) async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox, ["settle": "1s", "look_again": "100ms"]))
    try sandbox.rule(#"{"on":"drafts.create",\#(deed)}"#)
    try await daemon.imports(SampleInvoice.series(2))
    try await daemon.startAll()
    try await daemon.job(is: .completed)
    try await eventually("no draft is left, and one was taken back; \(daemon.log)") {
      let removed = try sandbox.log("call").filter { $0.call == "drafts.delete" && $0.status == 204 }
      return try places(sandbox).isEmpty && !removed.isEmpty
    }
    #expect(try sandbox.delivered() == SampleInvoice.series(2).numbers)
  }

  @Test("a discard that fails is made good without a restart")
  func failedDiscard() async throws {
    let sandbox = try RunningSandbox()
    let daemon = try await RunningDaemon(.gmail(sandbox))
    try sandbox.rule(#"{"on":"drafts.send","do":"status","status":400,"reason":"invalidArgument"}"#)
    try sandbox.rule(#"{"on":"drafts.delete","do":"status"}"#)
    try await daemon.imports(SampleInvoice.series(1))
    #expect(try await daemon.ctl("start", "--all").status == 2)
    try await eventually("the draft is gone; \(daemon.log)") { try places(sandbox).isEmpty }
    #expect(try sandbox.log("call").filter { $0.call == "drafts.delete" }.map(\.status) == [503, 204])
  }

  @Test("what a crash leaves in a Maildir's tmp is gone after the next start, and another program's file stays")
  func maildir() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(1))
    #expect(try await daemon.ctl("start", "--all").status == 0)
    let sent = try #require(try daemon.mails().first)
    let key = try #require(RunningDaemon.values(of: "X-Invoiced-Key", in: [sent]).first)
    try await daemon.kill()
    let tmp = daemon.folder + "/maildir/tmp"
    let name = "1795359845.M1P1V\(key.replacing(".", with: "-")).host"
    for file in [name, "1795359845.4242_1.host"] { try Data().write(to: URL(filePath: "\(tmp)/\(file)")) }
    try await daemon.start()
    try await eventually("ours is gone") {
      try FileManager.default.contentsOfDirectory(atPath: tmp) == ["1795359845.4242_1.host"]
    }
    #expect(try daemon.mails() == [sent])
  }
}
