import Control
import Foundation
import Model
import Synchronization
import Testing

@testable import Ctl

/// Lists of more than a page.
@Suite(.timeLimit(.minutes(2))) struct ListTests {
  private typealias Reply = JobsInterface.ListInvoices.Reply

  /// A page of the invoices 1 to `count`, as the daemon would give it.
  private static func page(_ call: VarlinkCall, of count: Int) throws -> Reply {
    let parameters = try call.parameters(as: JobsInterface.ListInvoices.Parameters.self)
    let first = (parameters.after.flatMap { Int($0) } ?? 0) + 1
    let last = min(first + (parameters.limit ?? 500) - 1, count)
    let invoices = (first..<(last + 1)).map { number in
      let invoice = Invoice(
        number: "\(number)", cct: "CCT", period: Period(year: 2026, month: 10),
        file: FileReference(path: "/f", sha256: "", sizeInBytes: 1), to: [Mailbox(address: "a@b.example")])
      return JobsInterface.CatalogueInvoice(invoice, sentAt: nil, held: nil, status: "due", job: nil)
    }
    return Reply(invoices: invoices, next: last < count ? "\(last)" : nil)
  }

  @Test("the first page is on the screen before the second has come, which is asked for meanwhile")
  func streamed() async throws {
    try await inFolder { folder in
      let (isRead, reading) = AsyncStream.makeStream(of: Never.self)
      let run = try await FakeDaemon.serving(at: "\(folder)/s") { call in
        let page = try Self.page(call, of: 1200)
        if page.invoices.first?.number == "501" { for await _ in isRead {} }
        try await call.reply(page)
      } _: {
        let program = try Program(["--socket", "\(folder)/s", "--locale", "en", "invoices"])
        try await program.output(until: "\n500 ")
        reading.finish()
        return await program.end()
      }
      #expect(run.status == 0)
      #expect(
        run.output.split(separator: "\n").map { String($0.prefix { $0 != " " }) } == ["Number"]
          + (1...1200).map { "\($0)" })
    }
  }

  @Test(
    "1,200 invoices take three calls, of which --limit leaves out those that it does not need",
    arguments: [false, true])
  func calls(json: Bool) async throws {
    try await inFolder { folder in
      let limits = Mutex<[Int?]>([])
      try await FakeDaemon.serving(at: "\(folder)/s") { call in
        let limit = try call.parameters(as: JobsInterface.ListInvoices.Parameters.self).limit
        limits.withLock { $0.append(limit) }
        try await call.reply(Self.page(call, of: 1200))
      } _: {
        let options = ["--socket", "\(folder)/s"] + (json ? ["--json"] : []) + ["invoices"]
        for (arguments, count) in [([], 1200), (["--limit", "700"], 700)] {
          let run = try await Program.run(options + arguments)
          #expect(run.output.split(separator: "\n").count == count + (json ? 0 : 1))
        }
      }
      #expect(limits.withLock { $0 } == [500, 500, 500, 500, 200])
    }
  }
}
