import Foundation
import Model
import TestSupport
import Testing

@Suite("the exit status of invoicectl", .startsPrograms)
struct ExitStatusTests {
  @Test("tells each of the ends apart")
  func each() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "30", "--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox, ["infer_within": "0s"]))
    try await daemon.imports([SampleInvoice("OK"), SampleInvoice("BAD", to: "reject@customer.example")])
    #expect(try await daemon.ctl("start", "--number", "OK").status == 0)
    #expect(try await daemon.ctl("start", "--number", "OK").status == 0, "all already sent is well")
    #expect(try await daemon.ctl("start").status == 1, "neither conditions nor a terminal")
    #expect(try await daemon.ctl("start", "--limit", "0", "--all").status == 1)
    #expect(try await daemon.ctl("no-such-command").status == 1)
    #expect(try await daemon.ctl("start", "nowhere", "--all").status == 1, "no such pipeline")
    #expect(try await daemon.ctl("start", "--number", "BAD").status == 2)
    let nothing = try await daemon.ctl("start", "--period", "1999-01")
    #expect(nothing.status == 3 && nothing.errors.contains("Aucune facture du catalogue ne correspond"))
    #expect(try await daemon.ctl("show", "99").status == 3)

    try sandbox.rule(#"{"on":"drafts.send","do":"drop_after"}"#)
    try await daemon.imports([SampleInvoice("ASK"), SampleInvoice("BAD2", to: "reject@customer.example")])
    #expect(try await daemon.ctl("start", "--number", "ASK", "BAD2").status == 4, "it outranks 2")

    try await daemon.imports(SampleInvoice.series(200))
    let left = try daemon.begin(["start", "--cct", "CCT1", "--json"])
    try await left.wrote("\"kind\":\"progress\"")
    left.kill(SIGINT)
    #expect(try await left.end() == 130)
    #expect(left.errors.contains("Interrupted"))
    let running = try #require(try await newest(daemon))
    #expect(running.state == .running, "^C leaves the job running")
    #expect(try await daemon.ctl("pause", "\(running.id)").status == 0)
    #expect(try await daemon.ctl("cancel", "\(running.id)").status == 0)
    #expect(try await daemon.ctl("watch", "\(running.id)").status == 6)

    try await daemon.stop()
    let gone = try await daemon.ctl("status")
    #expect(gone.status == 5 && gone.errors.contains("Aucun démon ne répond sur \(daemon.socket)"))
    let json = try await daemon.ctl("status", "--json")
    #expect(json.status == 5 && json.errors.hasPrefix(#"{"error":"Unreachable""#))
  }

  private func newest(_ daemon: RunningDaemon) async throws -> Job? {
    let lines = try await daemon.ctl("jobs", "--json").output.split(separator: "\n")
    return try lines.map { try WireJSON.decode(Job.self, from: Data($0.utf8)) }.max { $0.id < $1.id }
  }
}
