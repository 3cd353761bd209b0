import Foundation
import TestSupport
import Testing

/// Clients that ask and do not read, at the real daemon.
@Suite("replies that nobody reads", .timeLimit(.minutes(5)), .serialized)
struct UnreadReplyTests {
  /// The sum of unread replies, eight that are being made, and what a debug build's allocator keeps.
  private static let permittedGrowth = 80 << 20

  @Test("424 clients that do not read cost the daemon a bounded sum, and nothing any more when they are gone")
  func crowd() async throws {
    RawSocket.permit(1000)
    let daemon = try await RunningDaemon()
    try daemon.inbox.write([SampleInvoice("F001")])
    let note = String(repeating: "x", count: 40_000)
    let rows = (100..<160).map { "L\($0);C1;2026-10;F001.pdf;a@example.be;\(note)\n" }
    let manifest = try daemon.inbox.write("long.csv", "number;cct;period;file;to;note\n" + rows.joined())
    #expect(try await daemon.ctl("import", manifest).status == 0)
    let program = try #require(daemon.program)
    let (before, peakBefore) = (try program.memory("VmRSS"), try program.memory())

    let list = #"{"method":"io.invoiced.Jobs.ListInvoices"}"#
    let reader = try RawSocket(daemon.watchSocket)
    var silent: [RawSocket] = []
    for index in 0..<424 {
      let client = try RawSocket(index.isMultiple(of: 2) ? daemon.socket : daemon.watchSocket)
      // The kernel takes about one page for a client that does not read.
      for _ in 0..<2 { try await client.send(frame: list) }
      if index < 24 { try await client.send(frame: #"{"method":"io.invoiced.Jobs.Watch","more":true}"#) }
      silent.append(client)
      guard index.isMultiple(of: 20) else { continue }
      try await reader.send(frame: list)
      let page = try await reader.next()
      #expect(page?.contains(#""next":"L1"#) == true)
    }
    try await eventually("the first of them are cut off") { daemon.log.contains("its connection was closed") }
    try await reader.send(frame: list)
    #expect(try await reader.next() != nil)
    let growth = try program.memory() - peakBefore
    #expect(growth < Self.permittedGrowth, "\(growth >> 10) KiB")

    #expect(silent.count == 424)
    silent = []
    try await eventually("the memory is given back") { try program.memory("VmRSS") - before < 24 << 20 }
  }
}
