import Files
import Foundation
import Gmail
import Mail
import Model
import TestSupport
import Testing

/// A sandbox of its own: others' drafts would be in the way.
@Suite(.serialized, .sandbox()) struct SweepTests {
  @Test("drafts that no delivery needs are deleted; one that is needed, another store's and a person's stay")
  func sweep() async throws {
    let sandbox = try RunningSandbox.unlimited()
    defer { sandbox.remove() }
    let bench = try await Bench(sandbox: sandbox)
    let (needed, over, kept) = (try await bench.prepare(), try await bench.prepare(), try await bench.prepare())
    let other = try await Bench(sandbox: sandbox)
    let foreign = try await other.prepare()
    // By hand, without a key, and with one that looks like ours.
    for header in [("X-Other", "1"), (GmailClient.keyHeader, "store.1")] {
      let encoder = MailEncoder(
        from: Mailbox(address: "billing@example.com"), replyTo: [], date: Date(), messageID: nil, headers: [header],
        keepsBcc: true)
      let message = Message(to: [Mailbox(address: "ann@example.org")], subject: "x", text: "Hello")
      _ = try await bench.client.createDraft(
        encoder.encode(message, files: FileRoots(roots: [], forbidden: [])))
    }
    let asked = Asked()
    let count = try await bench.sender.sweep(store: "store") { delivery in
      await asked.note(delivery)
      return delivery == bench.key.delivery ? .only(needed) : .all
    }
    #expect(count == 2, "both other drafts of the delivery, whatever made them")
    #expect(await asked.deliveries == [bench.key.delivery, other.key.delivery])
    func isThere(_ token: SendToken) async throws -> Bool {
      try await bench.client.draft(bench.draft(of: token).draft) != nil
    }
    for (token, stays) in [(needed, true), (foreign, true), (over, false), (kept, false)] {
      #expect(try await isThere(token) == stays)
    }
    #expect(try await bench.sender.sweep(store: "another") { _ in .only(nil) } == 0)
    #expect(try await bench.client.drafts(page: nil).drafts?.count == 4)
    await bench.loop.shutdown()
    await other.loop.shutdown()
  }

  private actor Asked {
    var deliveries: Set<Int64> = []
    func note(_ delivery: Int64) { deliveries.insert(delivery) }
  }
}
