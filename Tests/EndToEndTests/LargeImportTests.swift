import Control
import Foundation
import Model
import TestSupport
import Testing

@Suite("a large import", .startsPrograms)
struct LargeImportTests {
  /// Lines of the large manifest; a hundred thousand take minutes where the programs are built for debugging.
  private static let count = Int(ProcessInfo.processInfo.environment["INVOICED_IMPORT_LINES"] ?? "") ?? 20_000
  private static let fewer = count / 10
  /// What the page cache of SQLite and the allocator may take more for ten times the lines.
  private static let margin = 8 << 20

  @Test("ten times the lines take the same memory, and others are answered meanwhile", .timeLimit(.minutes(10)))
  func memory() async throws {
    let daemon = try await RunningDaemon()
    try daemon.inbox.write("shared.pdf", SamplePDF.bytes("shared"))
    let small = try await importing(Self.fewer, "A", daemon)
    let large = try await importing(Self.count, "B", daemon)
    #expect(large.memory - small.memory < Self.margin, "\(small) \(large)")
    #expect(large.slowest < .seconds(2), "\(large)")
    #expect(try await daemon.call(JobsInterface.GetStatus.self, Empty()).invoices == Self.fewer + Self.count)
    print("import: \(small), \(large)")
  }

  private struct Measure: Sendable {
    var memory: Int
    var slowest: Duration
    var duration: Duration
  }

  private func importing(_ count: Int, _ letter: String, _ daemon: RunningDaemon) async throws -> Measure {
    var text = "number;cct;period;file;to\n"
    for index in 1...count {
      text += "\(letter)\(index);C\(index % 100);2026-10;shared.pdf;c\(index)@customer.example\n"
    }
    let start = ContinuousClock.now
    let client = try daemon.begin(["import", try daemon.inbox.write("\(letter).csv", text)])
    var slowest = Duration.zero
    while client.status == nil {
      let asked = ContinuousClock.now
      _ = try await daemon.call(JobsInterface.GetStatus.self, Empty())
      slowest = max(slowest, ContinuousClock.now - asked)
      try await Task.sleep(for: .milliseconds(20))
      guard ContinuousClock.now - start < .seconds(500) else { throw NotInTime("the import of \(count) lines") }
    }
    #expect(client.status == 0 && client.output.contains("\(count) ajoutée(s)"), "\(client.output) \(client.errors)")
    return Measure(
      memory: try daemon.program?.memory() ?? 0, slowest: slowest, duration: ContinuousClock.now - start)
  }
}
