import Foundation
import TestSupport
import Testing

/// Clients that do not behave, at the real daemon. Its memory is VmHWM of proc_pid_status(5), the most that it ever held.
@Suite("clients that do not behave", .timeLimit(.minutes(5)), .serialized)
struct AbuseTests {
  private let echo = #"{"method":"io.invoiced.Jobs.GetStatus"}"#
  /// What a debug build's allocator keeps, whatever was asked of it: arenas of some threads, and no more when the abuse
  /// is repeated. Without a bound on the abuse each of these tests would need several times as much.
  private static let slack = 12 << 20

  /// The daemon is the same process, and answers.
  private func expectUp(_ daemon: RunningDaemon, _ place: SourceLocation = #_sourceLocation) async throws {
    let status = try await daemon.ctl("status")
    #expect(status.status == 0, "\(status.errors)", sourceLocation: place)
    #expect(daemon.program?.status == nil, sourceLocation: place)
  }

  private func memory(_ daemon: RunningDaemon) throws -> Int { try #require(daemon.program).memory() }

  @Test("a frame that is no call ends its connection and nothing else")
  func malformed() async throws {
    let daemon = try await RunningDaemon()
    let frames = [
      "", "hello", "{}", "[]", "null", #"{"method":3}"#, #"{"method":"a.b.C","parameters":[]}"#,
      #"{"method":"a.b.C","more":1}"#, #"{"method":"a.b.C""#, String(repeating: "[", count: 60_000),
      String(repeating: #"{"a":"#, count: 10_000) + "1" + String(repeating: "}", count: 10_000),
    ]
    for frame in frames {
      let client = try RawSocket(daemon.socket)
      try await client.send(frame: frame)
      try await #expect(client.next() == nil, "\(frame.prefix(40))")
    }
    let binary = try RawSocket(daemon.socket)
    try await binary.send([0xff, 0xfe, 0x80, 0])
    try await #expect(binary.next() == nil)
    // A call that is well formed and wrong gets an error.
    let wrong = try RawSocket(daemon.socket)
    for (call, error) in [
      (#"{"method":"io.invoiced.Jobs.SendAll"}"#, "org.varlink.service.MethodNotFound"),
      (#"{"method":"io.invoiced.Nothing.Send"}"#, "org.varlink.service.InterfaceNotFound"),
      (#"{"method":"io.invoiced.Jobs.GetJob","parameters":{"job":"1"}}"#, "org.varlink.service.InvalidParameter"),
      (#"{"method":"io.invoiced.Jobs.GetJob","parameters":{"job":1}}"#, "io.invoiced.Jobs.NoSuchJob"),
    ] {
      try await wrong.send(frame: call)
      let reply = try await wrong.next()
      #expect(reply?.contains(error) == true, "\(reply ?? "closed")")
    }
    try await expectUp(daemon)
  }

  @Test("frames of 10 MB end their connections, and memory stays flat")
  func huge() async throws {
    let daemon = try await RunningDaemon()
    try await expectUp(daemon)
    let before = try memory(daemon)
    let frame = [UInt8](repeating: UInt8(ascii: "x"), count: 10 << 20) + [0]
    for _ in 0..<20 {
      let client = try RawSocket(daemon.socket)
      #expect(try await client.send(frame) == false)
      try await #expect(client.next() == nil)
    }
    try await expectUp(daemon)
    // Two hundred megabytes were sent; a daemon that read a single frame would hold ten more.
    let growth = try memory(daemon) - before
    #expect(growth < 8 << 20, "\(growth >> 10) KiB")
  }

  @Test("500 connections that say nothing, and 100 that stop in the middle of a call, keep nobody out")
  func silent() async throws {
    let daemon = try await RunningDaemon()
    try await expectUp(daemon)
    let before = try memory(daemon)
    let silent = try (0..<500).map { _ in try RawSocket(daemon.socket) }
    let half = Array(echo.utf8.dropLast()) + [UInt8](repeating: UInt8(ascii: " "), count: 60 << 10)
    var halves: [RawSocket] = []
    for _ in 0..<100 {
      let client = try RawSocket(daemon.socket)
      try await client.send(half)
      halves.append(client)
    }
    try await expectUp(daemon)
    // 100 × 64 KiB of half calls, doubled as a growing buffer is, and some KiB for each connection's objects.
    let growth = try memory(daemon) - before
    #expect(growth < 100 * 128 << 10 + 600 * 16 << 10 + Self.slack, "\(growth >> 10) KiB")
    #expect(silent.count + halves.count == 600)
  }

  @Test("1,100 connections leave the daemon the descriptors that it needs, and room when they leave")
  func tooMany() async throws {
    let daemon = try await RunningDaemon(starts: false)
    // The soft limit that processes are usually given; the daemon raises it.
    let program = try RunningProgram("prlimit", ["--nofile=1024:", Programs.path(of: "invoiced")] + daemon.arguments)
    try await program.wrote("is ready")
    try await daemon.imports([SampleInvoice("F001")])
    RawSocket.permit(1100)
    let first = try RawSocket(daemon.socket)
    var clients = try (0..<1100).map { _ in try RawSocket(daemon.socket) }
    // Those above the bound are told so.
    try await #expect(clients[1099].next()?.contains("TooManyConnections") == true)
    try await #expect(clients[1099].next() == nil)
    // One that was there before starts a job, which opens and writes files.
    try await first.send(
      frame: #"{"method":"io.invoiced.Jobs.Start","parameters":{"request":"r1","filter":{},"all":true}}"#)
    let reply = try #require(await first.next())
    #expect(reply.contains(#""job":{"#), "\(reply)")
    try await eventually("the mail") { try daemon.mails().count == 1 }
    clients = []
    try await eventually("room for invoicectl") { try await daemon.ctl("status").status == 0 }
  }

  @Test("a watcher that never reads neither stops a job nor fills the daemon's memory")
  func deafWatcher() async throws {
    let daemon = try await RunningDaemon()
    // Each event is some 500 bytes: together more than the kernel keeps for a socket that nobody reads (208 KiB).
    let count = 600
    try await daemon.imports(SampleInvoice.series(count))
    let before = try memory(daemon)
    var deaf: [RawSocket] = []
    for _ in 0..<20 {
      let client = try RawSocket(daemon.socket)
      try await client.send(frame: #"{"method":"io.invoiced.Jobs.Watch","more":true}"#)
      // The snapshot tells that it is being served; from here on it is deaf.
      #expect(try await client.next() != nil)
      deaf.append(client)
    }
    let job = try daemon.begin(["start", "--all"])
    try await job.wrote("✅ Email 1/")
    try await expectUp(daemon)
    try await job.end(within: .seconds(120))
    #expect(job.status == 0 && job.output.contains("\(count) succès, 0 erreur(s)"))
    #expect(deaf.count == 20)
    // Unbounded, 20 × 600 events would need 6 MB for their bytes alone, and several times that for the queue's objects.
    let growth = try memory(daemon) - before
    #expect(growth < Self.slack, "\(growth >> 10) KiB")
  }

  @Test("a page of long invoices is bounded, also for clients that ask again and again and do not read")
  func longPages() async throws {
    let daemon = try await RunningDaemon()
    try daemon.inbox.write([SampleInvoice("F001")])
    let note = String(repeating: "x", count: 40_000)
    let rows = (100..<160).map { "L\($0);C1;2026-10;F001.pdf;a@example.be;\(note)\n" }
    let manifest = try daemon.inbox.write("long.csv", "number;cct;period;file;to;note\n" + rows.joined())
    let result = try await daemon.ctl("import", manifest)
    #expect(result.status == 0, "\(result.errors)")

    let list = #"{"method":"io.invoiced.Jobs.ListInvoices"}"#
    let client = try RawSocket(daemon.socket)
    try await client.send(frame: list)
    let page = try #require(await client.next())
    #expect(page.utf8.count <= 256 << 10 && page.contains(#""next":"L1"#), "\(page.utf8.count)")
    let all = try await daemon.ctl("invoices", "--json")
    #expect(all.output.split(separator: "\n").count == 60)

    let before = try memory(daemon)
    var deaf: [RawSocket] = []
    for _ in 0..<50 {
      let client = try RawSocket(daemon.watchSocket)
      for _ in 0..<4 { try await client.send(frame: list) }
      deaf.append(client)
    }
    try await expectUp(daemon)
    // Whole, each list would be 2.4 MB, in two or three places while it is made.
    let growth = try memory(daemon) - before
    #expect(growth < deaf.count * (512 << 10) + Self.slack, "\(growth >> 10) KiB")
  }

  @Test("imports that are begun and left change nothing, and there are 16 at a time")
  func abandonedImports() async throws {
    let daemon = try await RunningDaemon()
    let begin =
      #"{"method":"io.invoiced.Jobs.BeginImport","parameters":{"folder":"\#(daemon.inbox.path)","format":"csv"}}"#
    try daemon.inbox.write([SampleInvoice("F001"), SampleInvoice("F002")])
    var open: [RawSocket] = []
    for _ in 0..<16 {
      let client = try RawSocket(daemon.socket)
      try await client.send(frame: begin)
      let reply = try #require(await client.next())
      let id = try #require(reply.firstMatch(of: /"import":"([^"]*)"/), "\(reply)").1
      let rows = #"number;cct;period;file;to\nF001;C1;2026-10;F001.pdf;a@example.be\nF0"#
      try await client.send(
        frame: #"{"method":"io.invoiced.Jobs.AddRows","parameters":{"import":"\#(id)","text":"\#(rows)"}}"#)
      let added = try await client.next()
      #expect(added?.contains("error") == false, "\(added ?? "closed")")
      open.append(client)
    }
    // The same client cannot have more either.
    try await open[0].send(frame: begin)
    let refused = try await open[0].next()
    #expect(refused?.contains("io.invoiced.Jobs.StoreUnavailable") == true, "\(refused ?? "closed")")
    let other = try await daemon.ctl("import", daemon.inbox("month.csv"))
    #expect(other.status != 0 && other.errors.contains("too many imports"), "\(other.errors)")
    // Another's import is not to be had.
    let thief = try RawSocket(daemon.socket)
    try await thief.send(frame: #"{"method":"io.invoiced.Jobs.AddRows","parameters":{"import":"1","text":"x"}}"#)
    let stolen = try await thief.next()
    #expect(stolen?.contains("NoSuchImport") == true, "\(stolen ?? "closed")")
    open = []
    try await eventually("room for an import") {
      try await daemon.ctl("import", daemon.inbox("month.csv")).status == 0
    }
    let invoices = try await daemon.ctl("invoices", "--json")
    #expect(invoices.output.split(separator: "\n").count == 2, "\(invoices.output)")
  }

  @Test("a manifest of quotes, backslashes and controls arrives, although JSON doubles them")
  func quotes() async throws {
    let daemon = try await RunningDaemon()
    try daemon.inbox.write([SampleInvoice("F001")])
    let notes = [
      String(repeating: "\"", count: 20_000), String(repeating: "\\", count: 40_000),
      String(repeating: "a\r\n\t", count: 10_000), String(repeating: "/", count: 60_000),
      String(repeating: "€\"", count: 10_000),
    ]
    var csv = "number;cct;period;file;to;note\n"
    for (index, note) in notes.enumerated() {
      csv += "Q\(index);C1;2026-10;F001.pdf;a@example.be;\"\(note.replacing("\"", with: "\"\""))\"\n"
    }
    let result = try await daemon.ctl("import", try daemon.inbox.write("quotes.csv", csv))
    #expect(result.status == 0, "\(result.output) \(result.errors)")
    for (index, note) in notes.enumerated() {
      struct Answer: Decodable {
        struct Invoice: Decodable { var fields: [String: String] }
        var invoice: Invoice
      }
      let shown = try await daemon.ctl("invoice", "Q\(index)", "--json")
      let answer = try JSONDecoder().decode(Answer.self, from: Data(shown.output.utf8))
      #expect(answer.invoice.fields["note"] == note)
    }
    // The same without care for the encoded size ends the connection, and only that.
    let client = try RawSocket(daemon.socket)
    try await client.send(
      frame: #"{"method":"io.invoiced.Jobs.AddRows","parameters":{"import":"1","text":""#
        + String(repeating: "\\\"", count: 48 << 10) + #""}}"#)
    try await #expect(client.next() == nil)
    try await expectUp(daemon)
  }
}
