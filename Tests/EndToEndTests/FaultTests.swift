import Foundation
import Model
import TestSupport
import Testing

/// Whatever Gmail, or the net between, does to one send: what the clerk reads, and that nobody gets an invoice twice.
@Suite("one send goes wrong", .startsPrograms)
struct FaultTests {
  @Test(
    "each end of a send has its lines and its exit status, and reaches the customer once at most",
    arguments: Fault.unclear + Fault.refused + Fault.limited)
  func fault(_ fault: Fault) async throws {
    let sandbox = try RunningSandbox(["--units-per-minute", "0"])
    var setting = DaemonSetting.gmail(sandbox, fault.send.merging(["concurrency": "1"]) { a, _ in a })
    setting.retry = fault.retry
    let daemon = try await RunningDaemon(setting)
    for rule in fault.rules { try sandbox.rule(rule) }
    try await daemon.imports(SampleInvoice.series(3))

    let started = try await daemon.ctl("start", "--all")
    let begin = [Line.begin, Line.sent(1), Line.sent(2)]
    #expect(Line.match(Line.story(started.allLines), Line.story(begin + fault.started)), "\(started.output)")
    #expect(started.status == fault.status)

    // It waited for all that happens by itself.
    let watched = try await daemon.ctl("watch", "1")
    #expect(Line.match(Line.story(watched.allLines), Line.story(begin + fault.started)), "\(watched.output)")
    #expect(watched.status == fault.status)

    #expect(try await daemon.deliveries().map(\.attempt) == [1, 1, fault.attempts])
    let counts = try await daemon.job().counts
    #expect(counts.left == 0 && counts.sent + counts.failed + counts.unknown == 3)
    #expect(try sandbox.received() == Self.expected(fault.mails))
    // A second start finds nothing that it may send, and says whether a person still has to look.
    let again = try await daemon.ctl("start", "--all")
    if counts.failed == 0 { #expect(again.status == (counts.unknown > 0 ? 4 : 0)) }
    if counts.failed == 0 { #expect(try sandbox.received() == Self.expected(fault.mails)) }
  }

  private static func expected(_ mails: Fault.Mails) -> [String: Int] {
    let all = ["cf001@customer.example": 1, "cf002@customer.example": 1, "cf003@customer.example": mails.rawValue]
    return all.filter { $0.value > 0 }
  }
}
