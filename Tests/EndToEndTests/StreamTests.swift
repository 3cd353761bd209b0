import Control
import Foundation
import Model
import TestSupport
import Testing

@Suite("The stream of invoiced-sse", .startsPrograms)
struct StreamTests {
  private let daemon: RunningDaemon
  private let adapter: RunningAdapter

  init() async throws {
    daemon = try await RunningDaemon()
    adapter = try await RunningAdapter(daemon)
    try await daemon.imports(SampleInvoice.series(30))
  }

  /// The daemon's own log of a job, byte for byte.
  private func log(_ job: Int64) async throws -> [String] {
    let status = try await daemon.call(JobsInterface.GetStatus.self, Empty())
    let output = try await daemon.ctl("--json", "watch", "\(job)", "--after", "\(status.epoch).0").output
    return output.split(separator: "\n").map(String.init)
  }

  private func started() async throws -> Int64 {
    let answer = try await adapter.post("/jobs", #"{"request":"r1","all":true}"#)
    #expect(answer.status == 201, "\(answer)")
    let json = try WireJSON.decode(JobsInterface.JobReply.self, from: Data(answer.body.utf8))
    return json.job.id
  }

  @Test("has the events of the daemon's log, with its ids and bytes, and ends with the job")
  func sameAsLog() async throws {
    let job = try await started()
    try await daemon.job(job, is: .completed)
    let log = try await log(job)
    #expect(log.count == 32)
    let epoch = try await daemon.call(JobsInterface.GetStatus.self, Empty()).epoch
    let reader = try adapter.stream("/jobs/\(job)/events?after=\(epoch).0")
    #expect(try await reader.end() == 0)
    let events = StreamedEvent.all(in: reader.output)
    #expect(events.map(\.data) == log)
    for event in events {
      let known = try WireJSON.decode(Event.self, from: Data(event.data.utf8))
      #expect(event.id == known.id.description && event.name == known.kind.rawValue)
    }
    // From the middle, exactly the rest; from the end, nothing, and no more.
    let middle = try adapter.stream("/jobs/\(job)/events", ["-H", "Last-Event-ID: \(events[9].id ?? "")"])
    #expect(try await middle.end() == 0)
    #expect(StreamedEvent.all(in: middle.output) == Array(events[10...]))
    let end = try await adapter.curl(
      "/jobs/\(job)/events", RunningAdapter.bearer() + ["-H", "Last-Event-ID: \(events[31].id ?? "")"])
    #expect(end.status == 204)
  }

  @Test(
    "a cursor that cannot be used gets the present state, as a reset", arguments: ["none", "other.3", "EPOCH.99999"])
  func unusable(_ cursor: String) async throws {
    let job = try await started()
    try await daemon.job(job, is: .completed)
    let epoch = try await daemon.call(JobsInterface.GetStatus.self, Empty()).epoch
    let cursor = cursor.replacing("EPOCH", with: epoch)
    let reader = try adapter.stream("/jobs/\(job)/events?after=\(cursor)")
    #expect(try await reader.end() == 0)
    let events = StreamedEvent.all(in: reader.output)
    #expect(events.map(\.name) == ["reset"], "\(reader.output)")
    let data = try WireJSON.decode(JSON.self, from: Data((events.first?.data ?? "").utf8))
    #expect(data["messages"]?.array?.count == 30 && data["job"]?["state"]?.string == "completed")
  }

  @Test("over a restart of the daemon a reader stays, is told, and gets every event once")
  func restart() async throws {
    try daemon.configure(.maildir)
    let job = try await started()
    _ = try await daemon.ctl("pause", "\(job)")
    let reader = try adapter.stream("/jobs/\(job)/events")
    try await reader.wrote("event: snapshot")
    #expect(try await daemon.stop() == 0)
    try await reader.wrote(#"data: {"daemon":false}"#)
    try await daemon.start()
    try await reader.wrote(#"data: {"daemon":true}"#)
    _ = try await daemon.ctl("resume", "\(job)")
    #expect(try await reader.end() == 0)
    let events = StreamedEvent.all(in: reader.output).filter { $0.id != nil }
    #expect(events.first?.name == "snapshot" && events.last?.name == "complete")
    let log = try await log(job)
    #expect(events.dropFirst().map(\.data) == Array(log.suffix(events.count - 1)), "\(reader.output)")
  }

  @Test("an adapter that was there before the daemon serves every stream as soon as the daemon answers")
  func adapterFirst() async throws {
    let later = try await RunningDaemon(starts: false)
    let early = try await RunningAdapter(later)
    for path in ["/events", "/jobs/1/events"] {
      #expect(try await early.curl(path, RunningAdapter.bearer()).status == 503, "\(path)")
    }
    try await later.start()
    try await eventually("the stream of all jobs") {
      let reader = try early.stream("/events", ["-m", "1"])
      _ = try await reader.end()
      return reader.output.contains("event: snapshot")
    }
    let all = try early.stream("/events")
    try await all.wrote("event: snapshot")
    try await later.imports(SampleInvoice.series(3))
    #expect(try await early.post("/jobs", #"{"request":"r1","all":true}"#).status == 201)
    try await all.wrote("event: complete")
    let one = try early.stream("/jobs/1/events")
    #expect(try await one.end() == 0)
    #expect(one.output.contains("event: snapshot"))
  }

  @Test("a pipeline that begins where another has sent asks over HTTP, and `series` answers")
  func series() async throws {
    try await daemon.job(try await started(), is: .completed)
    _ = try await daemon.stop()
    var setting = DaemonSetting.maildir
    setting.pipeline = "factures"
    try daemon.configure(setting)
    try await daemon.start()
    let question =
      #""question":{"invoices":30,"others":[{"open":0,"pipeline":"invoices","sent":30,"series":"invoices"}]"#
    let start = #"{"request":"r2","all":true"#
    let refused = try await adapter.post("/jobs", start + "}")
    #expect(refused.status == 409 && refused.body.contains(#""error":"SeriesUndecided""#), "\(refused)")
    #expect(refused.body.contains(question), "\(refused)")
    let plan = try await adapter.post("/plan", "{}")
    #expect(plan.status == 200 && plan.body.contains(question), "\(plan)")
    #expect(try await adapter.post("/dry-run", "{}").status == 409)
    #expect(try await adapter.post("/jobs", start + #","series":"invoics"}"#).status == 404)
    for (series, due) in [("invoices", 0), ("new", 30)] {
      let plan = try await adapter.post("/plan", #"{"series":"\#(series)"}"#)
      #expect(plan.body.contains(#""due":\#(due)"#) && !plan.body.contains("question"), "\(plan)")
    }
    let answered = try await adapter.post("/jobs", start + #","series":"invoices"}"#)
    #expect(answered.status == 201 && answered.body.contains(#""already":30"#), "\(answered)")
  }

  @Test("the history names whom a job was started for, and a request that is repeated starts one job")
  func onBehalf() async throws {
    let job = try await started()
    #expect(try await started() == job)
    let user = NSUserName()
    #expect(try await daemon.job(job).startedBy.name == "anna via \(user)")
    #expect(try await adapter.post("/jobs", #"{"request":"r1","cct":"CCT1"}"#).status == 409)
  }
}
