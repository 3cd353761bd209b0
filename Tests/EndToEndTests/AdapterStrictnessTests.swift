import Control
import Foundation
import Model
import TestSupport
import Testing

/// A slip of the pen in a request must not send what nobody meant.
@Suite("What invoiced-sse does not understand", .startsPrograms)
struct AdapterStrictnessTests {
  private let daemon: RunningDaemon
  private let adapter: RunningAdapter

  init() async throws {
    daemon = try await RunningDaemon()
    adapter = try await RunningAdapter(daemon)
    try await daemon.imports(SampleInvoice.series(3))
  }

  /// A request with a body, and the member that its refusal names.
  private static let slips: [(path: String, body: String, field: String)] = [
    ("/jobs", #"{"request":"r1","all":true,"number":["F001"]}"#, "number"),
    ("/jobs", #"{"request":"r1","all":true,"periode":"2026-10"}"#, "periode"),
    ("/jobs", #"{"request":"r1","all":true,"filter":{}}"#, "filter"),
    ("/jobs", #"{"request":"r1","numbers":["F001"],"test-to":"a@x.example"}"#, "test-to"),
    ("/jobs", #"{"request":"r1","numbers":"F001"}"#, "numbers"),
    ("/jobs", #"{"request":"r1","all":"yes"}"#, "all"),
    ("/jobs", #"{"numbers":["F001"]}"#, "request"),
    ("/jobs", #"{"request":"r1"}"#, "all"),
    ("/jobs", #"{"request":"r1","all":false,"limit":2}"#, "all"),
    ("/jobs", #"{"request":"r1","numbers":null,"occasion":"x"}"#, "all"),
    ("/jobs", #"{"request":"r1","all":true,"numbers":["F001"]}"#, "all"),
    ("/jobs", #"{"request":"r1","all":true,"period":"2026-10"}"#, "all"),
    ("/jobs", #"{"request":"r1","numbers":["F001"],"on_behalf_of":"bert"}"#, "on_behalf_of"),
    ("/jobs", #"{"request":"r1","numbers":["F001"],"series":1}"#, "series"),
    ("/plan", #"{"number":["F001"]}"#, "number"),
    ("/plan", #"{"Series":"new"}"#, "Series"),
    ("/plan", #"{"request":"r1"}"#, "request"),
    ("/dry-run", #"{"Period":"2026-10"}"#, "Period"),
    ("/session", #"{"code":"1","name":"anna"}"#, "name"),
    ("/session", #"{}"#, "code"),
    ("/jobs/1/retry", #"{"permanent":true}"#, "permanent"),
    ("/jobs/1/pause", #"{"job":2}"#, "job"),
    ("/jobs/1/resume", #"{"a":1}"#, "a"),
    ("/jobs/1/cancel", #"{"force":true}"#, "force"),
    ("/jobs?al=1", #"{"request":"r1","numbers":["F001"]}"#, "al"),
  ]

  @Test("a member that no route knows, or of another type, is named, and nothing happens")
  func slips() async throws {
    for slip in Self.slips {
      let answer = try await adapter.post(slip.path, slip.body)
      #expect(answer.status == 400, "\(slip) \(answer)")
      #expect(answer.body.contains(#""field":"\#(slip.field)""#), "\(slip) \(answer)")
    }
    for body in ["", "[]", "null", "{", #""{}""#] {
      #expect(try await adapter.post("/jobs", body).status == 400, "\(body)")
    }
    #expect(try await daemon.call(JobsInterface.ListJobs.self, .init()).jobs.isEmpty)
  }

  @Test("no numbers match nothing")
  func noNumbers() async throws {
    let start = try await adapter.post("/jobs", #"{"request":"r1","numbers":[]}"#)
    #expect(start.status == 422 && start.body.contains("NothingMatched"), "\(start)")
    let plan = try await adapter.post("/plan", #"{"numbers":[]}"#)
    #expect(plan.status == 200 && plan.body.contains(#""due":0"#), "\(plan)")
    #expect(try await adapter.post("/dry-run", #"{"numbers":[]}"#).status == 422)
    #expect(try await daemon.call(JobsInterface.ListJobs.self, .init()).jobs.isEmpty)
  }

  @Test("the query is read as strictly")
  func queries() async throws {
    for (path, field) in [
      ("/jobs?limt=1", "limt"), ("/jobs?limit=1&limit=2", "limit"), ("/jobs?limit=x", "limit"), ("/status?x", "x"),
      ("/jobs/1/deliveries?states=failed", "states"), ("/jobs/1/deliveries?state=sended", "state"),
      ("/events?from=e.1", "from"), ("/jobs/1/events?after=e.1&after=e.2", "after"),
    ] {
      let answer = try await adapter.curl(path, RunningAdapter.bearer())
      #expect(answer.status == 400 && answer.body.contains(#""field":"\#(field)""#), "\(path) \(answer)")
    }
    #expect(try await adapter.curl("/?from=mail").status == 200)
  }

  @Test("whatever changes something is JSON by its own word")
  func contentTypes() async throws {
    let own = RunningAdapter.bearer() + ["-H", "X-Invoiced: 1", "-d", "{}"]
    for verb in ["pause", "resume", "cancel", "retry"] {
      for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", "application/json-seq"] {
        let answer = try await adapter.curl("/jobs/1/\(verb)", own + ["-H", "Content-Type: \(type)"])
        #expect(answer.status == 415, "\(verb) \(type) \(answer)")
      }
      let answer = try await adapter.curl(
        "/jobs/1/\(verb)", own + ["-H", "Content-Type: Application/JSON ; charset=utf-8"])
      #expect(answer.status == 404 && answer.body.contains("NoSuchJob"), "\(verb) \(answer)")
    }
  }

  @Test("a name that turns the text around it does not get into the history, through the control socket either")
  func names() async throws {
    for name in ["anna\u{202E}toor", "an\u{200B}na", "anna\u{2067}"] {
      await #expect(throws: VarlinkError.invalidParameter("on_behalf_of")) {
        try await daemon.call(JobsInterface.Pause.self, .init(job: 1, onBehalfOf: name))
      }
      await #expect(throws: VarlinkError.invalidParameter("name")) {
        try await daemon.call(JobsInterface.MakeWebCode.self, .init(name: name))
      }
    }
  }
}
