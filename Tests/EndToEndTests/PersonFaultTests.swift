import Foundation
import Model
import TestSupport
import Testing

/// A person, another account or another store at the same mailbox: what is done there by hand is never done twice by the
/// daemon, and what nobody can know is asked.
@Suite("drafts in other hands", .startsPrograms)
struct PersonFaultTests {
  private static let invoices = SampleInvoice.series(3)

  /// A daemon whose third delivery waits, prepared, for a limit of some seconds; its draft is made.
  private func prepared(
    _ send: [String: String] = [:]
  ) async throws -> (sandbox: RunningSandbox, daemon: RunningDaemon, draft: String) {
    let sandbox = try RunningSandbox(["--units-per-minute", "0", "--ratelimit-seconds", "4"])
    let daemon = try await RunningDaemon(.gmail(sandbox, send.merging(["concurrency": "1"]) { a, _ in a }))
    var invoices = Self.invoices
    invoices[2].to = "ratelimit@customer.example"
    try await daemon.imports(invoices)
    try await daemon.startAll()
    try await daemon.delivery(3, is: .prepared)
    return (sandbox, daemon, try #require(try sandbox.drafts().first?.id))
  }

  /// The same, but its one attempt ended unclear, and was not carried out.
  private func unclear(
    _ send: [String: String] = [:]
  ) async throws -> (sandbox: RunningSandbox, daemon: RunningDaemon, draft: String) {
    let sandbox = try RunningSandbox(["--units-per-minute", "0"])
    let daemon = try await RunningDaemon(
      .gmail(sandbox, ["concurrency": "1", "settle": "600s"].merging(send) { $1 }))
    try sandbox.rule(Fault.on("drafts.send", #""do":"drop_before""#))
    try await daemon.imports(Self.invoices)
    try await daemon.startAll()
    try await daemon.delivery(3, is: .unknown)
    return (sandbox, daemon, try #require(try sandbox.drafts().first?.id))
  }

  private func mails(_ sandbox: RunningSandbox) throws -> [String] { try sandbox.delivered() }
  private static let two = ["F001", "F002"]
  private static let three = ["F001", "F002", "F003"]

  @Test(
    "a draft that waits and is deleted or sent by hand is asked about, and not sent once more",
    arguments: [
      "delete", "send",
    ])
  func beforeTheSend(_ deed: String) async throws {
    let (sandbox, daemon, draft) = try await prepared()
    try sandbox.person(deed, draft)
    try await eventually("a person is asked") { try await daemon.deliveries()[2].code == .draftGone }
    #expect(try mails(sandbox) == (deed == "send" ? Self.three : Self.two))
    let shown = try await daemon.shownTrouble()
    #expect(shown.last == Line.asked("", force: true).last, "\(shown)")
    #expect(try await daemon.ctl("watch", "1").status == 4)
    #expect(try await daemon.ctl("start", "--all").status == 4, "it is claimed, and to be checked")
    let resolved =
      deed == "send"
      ? try await daemon.ctl("resolve", "1", "3", "sent")
      : try await daemon.ctl("resolve", "1", "3", "not-sent", "--force")
    #expect(resolved.status == 0)
    try await daemon.job(is: .completed)
    #expect(try mails(sandbox) == Self.three)
  }

  @Test("a draft that waits and is changed by hand goes out as it was changed, once")
  func edited() async throws {
    let (sandbox, daemon, draft) = try await prepared()
    try sandbox.person("edit", draft)
    try await daemon.job(is: .completed)
    #expect(try mails(sandbox) == Self.three)
  }

  @Test("a draft that somebody sends while its attempt is unclear is not sent again")
  func sentWhileUnclear() async throws {
    let (sandbox, daemon, draft) = try await unclear()
    try sandbox.person("send", draft)
    let job = try await daemon.job(is: .completed)
    #expect(try job.counts.sent == 3 && mails(sandbox) == Self.three)
    #expect(try await daemon.deliveries()[2].receipt?.inferred == true)
  }

  @Test(
    "what is done by hand while the daemon is down is asked about after the start",
    arguments: [
      ("delete", ErrorCode.draftGone), ("send", .draftGone), ("edit", .draftEdited),
    ])
  func whileDown(_ deed: String, _ code: ErrorCode) async throws {
    let (sandbox, daemon, draft) = try await unclear(["infer_within": "0s"])
    try await daemon.kill()
    try sandbox.person(deed, draft)
    try await daemon.start()
    try await eventually("a person is asked; \(daemon.log)") { try await daemon.deliveries()[2].code == code }
    #expect(try mails(sandbox) == (deed == "send" ? Self.three : Self.two))
    let shown = try await daemon.shownTrouble()
    #expect(shown.last == Line.asked("", force: code == .draftGone).last, "\(shown)")
    #expect(try await daemon.ctl("watch", "1").status == 4)
  }

  @Test("a draft that Gmail missed is not taken for sent after a kill within the second look, but asked about")
  func killedInSecondLook() async throws {
    let sandbox = try RunningSandbox(["--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox, ["concurrency": "1", "second_look": "3s"]))
    try sandbox.rule(Fault.on("drafts.send", #""do":"status","status":404,"reason":"notFound""#))
    try sandbox.rule(Fault.on("drafts.get", #""do":"status","status":404,"reason":"notFound""#))
    try await daemon.imports(Self.invoices)
    try await daemon.startAll()
    try await eventually("the first look") { try sandbox.calls("drafts.get").count == 1 }
    try await daemon.kill()
    let draft = try #require(try sandbox.drafts().first?.id)
    try sandbox.person("delete", draft)
    try await daemon.start()
    try await eventually("a person is asked; \(daemon.log)") {
      let delivery = try await daemon.deliveries()[2]
      return delivery.state == .unknown && delivery.code == .draftGone
    }
    #expect(try mails(sandbox) == Self.two)
  }

  @Test("another account's credential sends and deletes nothing of the first one's, and says what to do")
  func otherAccount() async throws {
    let (sandbox, daemon, draft) = try await prepared()
    let other = try RunningSandbox(["--units-per-minute", "0", "--account", "other@example.com"])
    try await daemon.stop()
    let credential = daemon.folder + "/credential.json"
    let first = try Data(contentsOf: URL(filePath: credential))
    try Data(contentsOf: URL(filePath: other.credentialFile)).write(to: URL(filePath: credential))
    try daemon.configure(.gmail(other, ["concurrency": "1"]))
    try await daemon.start()
    let held = try await daemon.job(is: .paused)
    #expect(held.holds.map(\.kind) == [.sender] && held.holds.first?.code == .accountChanged)
    let shown = try await daemon.ctl("show", "1").output
    #expect(shown.contains("l'identifiant appartient à un autre compte"), "\(shown)")
    #expect(shown.contains("remettez l'identifiant du premier compte ou terminez ses envois"), "\(shown)")
    #expect(try other.delivered().isEmpty && sandbox.drafts().map(\.id) == [draft])

    try await daemon.stop()
    try first.write(to: URL(filePath: credential))
    try daemon.configure(.gmail(sandbox, ["concurrency": "1"]))
    try await daemon.start()
    try await daemon.job(is: .completed)
    #expect(try mails(sandbox) == Self.three && other.delivered().isEmpty)
    #expect(try sandbox.log("delivered").last?.draft == draft, "the first draft is used")
  }

  @Test("an unclear attempt is not looked into, and not sent again, through another account")
  func otherAccountUnclear() async throws {
    let (sandbox, daemon, draft) = try await unclear()
    let other = try RunningSandbox(["--units-per-minute", "0", "--account", "other@example.com"])
    try await daemon.kill()
    try? FileManager.default.removeItem(atPath: daemon.folder + "/credential.json")
    try FileManager.default.copyItem(atPath: other.credentialFile, toPath: daemon.folder + "/credential.json")
    try daemon.configure(.gmail(other, ["concurrency": "1", "settle": "0s", "look_again": "50ms"]))
    try await daemon.start()
    try await eventually("it is at work") { try other.log("call").contains { $0.call == "drafts.list" } }
    try await Task.sleep(for: .milliseconds(1000))  // long enough for several looks
    #expect(try await daemon.deliveries()[2].state == .unknown)
    #expect(try await daemon.ctl("watch", "1").status == 4, "only a person can put the first credential back")
    #expect(try sandbox.drafts().map(\.id) == [draft])
    #expect(try other.delivered().isEmpty && mails(sandbox) == Self.two)
    #expect(try other.log("call").allSatisfy { !["drafts.send", "drafts.delete"].contains($0.call ?? "") })
  }

  @Test("tokens that end in the middle of a job are renewed, and nothing is sent twice")
  func expiredTokens() async throws {
    let sandbox = try RunningSandbox(["--units-per-minute", "0", "--latency-ms", "60"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    let invoices = SampleInvoice.series(12)
    try await daemon.imports(invoices)
    let client = try daemon.begin(["start", "--all"])
    for count in [2, 5, 8] {
      try await eventually("\(count) mails") { try sandbox.log("delivered").count >= count }
      try sandbox.tokens("expire")
    }
    #expect(try await client.end() == 0)
    #expect(client.output.contains("✅ Envoi terminé : 12 succès, 0 erreur(s) sur 12 facture(s)"))
    #expect(try sandbox.delivered() == invoices.numbers)
    #expect(try sandbox.log("call").contains { $0.status == 401 })
  }
}
