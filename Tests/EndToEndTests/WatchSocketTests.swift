import Control
import Foundation
import Model
import NIOPosix
import TestSupport
import Testing

@Suite("the socket for watching", .startsPrograms)
struct WatchSocketTests {
  @Test("whatever changes something is refused, by the methods' own word, and changes nothing")
  func readsAlone() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(3))
    try await daemon.startAll()
    try await daemon.job(is: .completed)
    let group = MultiThreadedEventLoopGroup.singletonMultiThreadedEventLoopGroup
    let client = try await VarlinkClient.connect(to: daemon.watchSocket, group: group)
    #expect(try await client.call(JobsInterface.GetJob.self, .init(job: 1)).job.counts.sent == 3)
    #expect(try await client.call(JobsInterface.ListDeliveries.self, .init(job: 1)).deliveries.count == 3)
    await #expect(throws: VarlinkError.permissionDenied) {
      try await client.call(JobsInterface.Pause.self, .init(job: 1))
    }
    await #expect(throws: VarlinkError.permissionDenied) {
      try await client.call(JobsInterface.MakeWebCode.self, .init())
    }
    await client.close()
    #expect(
      JobsInterface.methods.filter { $0.isReadOnly }.map { $0.name } == [
        "GetStatus", "ListInvoices", "GetInvoice", "PreviewInvoice", "PlanJob", "DryRun", "Watch", "ListJobs", "GetJob",
        "ListDeliveries", "ListActions",
      ])
  }

  @Test("invoicectl watches there, and says what the socket is for when it is asked for more")
  func invoicectl() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(3))
    try await daemon.startAll()
    try await daemon.job(is: .completed)
    let watched = try await daemon.ctl("watch", "1", on: daemon.watchSocket, locale: "en")
    #expect(watched.status == 0 && watched.lastLine.contains("3"))
    #expect(try await daemon.ctl("status", on: daemon.watchSocket, locale: "en").status == 0)
    let refused = try await daemon.ctl("retry", "1", on: daemon.watchSocket, locale: "en")
    #expect(refused.status == 3 && refused.errors.contains("This socket is for watching alone."), "\(refused)")
    let start = try await daemon.ctl("start", "--all", "--yes", on: daemon.watchSocket, locale: "en")
    #expect(start.status == 3 && start.errors.contains("This socket is for watching alone."), "\(start)")
  }
}
