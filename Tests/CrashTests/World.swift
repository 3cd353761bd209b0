import Control
import Foundation
import Model
import TestSupport

/// A sandbox, and a daemon that is killed again and again while it sends jobs through it.
struct World {
  struct Setting: Sendable, CustomStringConvertible {
    let seed: UInt64
    let concurrency: Int
    /// At random; zero: the sandbox behaves, and the kills are those of `run(_:)`.
    let kills: Int
    /// Each kill takes what was not synced along.
    var losesPower = false
    /// Its disk is watched, and may be made to fail.
    var isWatched = false
    var isNasty: Bool { kills > 0 }
    var description: String {
      "seed \(seed), concurrency \(concurrency)" + (losesPower ? ", the power goes" : "")
    }
  }

  /// Of each of the sandbox's answers, in milliseconds: kills fall into all phases of a call.
  static let latency = 60
  /// Invoices of a job: room for several kills, or for one.
  private var invoicesOfJob: Int { setting.isNasty ? 24 : 8 }

  let setting: Setting
  private var configuration: DaemonSetting
  let sandbox: RunningSandbox
  let daemon: RunningDaemon
  private let disk: TracedDisk
  private var random: SeededGenerator
  private var invoices: [SampleInvoice] = []
  private var jobs: [Int64] = []
  private var kills = 0
  private var kinds: [String: Int] = [:]

  init(_ setting: Setting) async throws {
    self.setting = setting
    random = SeededGenerator(seed: setting.seed)
    sandbox = try RunningSandbox([
      "--latency-ms", "\(Self.latency)", "--units-per-minute", "0", "--messages-per-day", "0",
      "--ratelimit-seconds", "1",
    ])
    configuration = DaemonSetting.gmail(
      sandbox,
      [
        "concurrency": "\(setting.concurrency)", "messages_per_day": "0", "send_timeout": "2s", "call_timeout": "2s",
        "stall_timeout": "2s", "settle": "\(setting.isNasty ? Nastiness.settle : 300)ms", "second_look": "30ms",
        "look_again": "80ms",
        "wait_cap": "200ms", "backoff_cap": "1s", "daily_look_again": "200ms",
      ])
    configuration.retry = "{attempts: 8, first: 20ms, limit: 100ms}"
    daemon = try await RunningDaemon(configuration, starts: false)
    disk = try TracedDisk([daemon.state])
    if setting.losesPower || setting.isWatched {
      daemon.prepareStarts { [disk] in
        try disk.begin()
        return try disk.environment()
      }
    }
    try await daemon.start()
  }

  /// Kills as often as is set, lets the daemon come to an end, and compares.
  mutating func run() async throws -> Verdict {
    while kills < setting.kills {
      let job = try await startJob()
      while kills < setting.kills, try await !daemon.isSettled(job) {
        try rearm()
        guard try await reached(drawMoment(), job) else { break }
        try await die()
        // Not traced, and so nothing to lose the power in.
        if !setting.losesPower, random.isOne(in: 6) { try await killWhileStarting() }
        try await daemon.start()
      }
    }
    try sandbox.clearRules()
    for job in jobs { try await settle(job) }
    return try await verdict()
  }

  /// A job for each moment, with one kill there.
  mutating func run(_ moments: [KillMoment]) async throws -> Verdict {
    for moment in moments {
      let job = try await startJob()
      guard try await reached(moment, job) else { throw NotInTime("\(moment) of job \(job)") }
      kinds[moment.kind, default: 0] += 1
      try await die()
      try await daemon.start()
      try await settle(job)
    }
    return try await verdict()
  }

  /// A job for each moment, with one kill there, and a daemon whose pipeline has another name afterwards: it refuses to
  /// begin, goes on with the job once it has the old series, and has nothing to send when everything is started again.
  mutating func runRenamed(_ moments: [KillMoment]) async throws -> Verdict {
    for (index, moment) in moments.enumerated() {
      let job = try await startJob()
      guard try await reached(moment, job) else { throw NotInTime("\(moment) of job \(job)") }
      kinds[moment.kind, default: 0] += 1
      try await die()
      try await restart(pipeline: "renamed-\(index)", series: nil)
      do {
        let begun = try await daemon.startAll(UUID().uuidString)
        throw NotInTime("a refusal: job \(begun) has begun")
      } catch let error as VarlinkError where error.shortName == "SeriesUndecided" {}
      try await die()
      try await restart(pipeline: "renamed-\(index)", series: "invoices")
      try await settle(job)
      let again = try await daemon.startAll(UUID().uuidString)
      jobs.append(again)
      try await settle(again)
    }
    return try await verdict()
  }

  private mutating func restart(pipeline: String, series: String?) async throws {
    (configuration.pipeline, configuration.series) = (pipeline, series)
    try daemon.configure(configuration)
    try await daemon.start()
  }

  /// A job for each count: once it has begun, killed when so many syncs have ended, or in the middle of so many writes.
  mutating func run(_ fault: TracedDisk.Fault, _ counts: [UInt8]) async throws -> Verdict {
    for count in counts {
      let job = try await startJob()
      try disk.set(fault, count)
      try await eventually("the daemon kills itself at \(fault) \(count)") { daemon.program?.status != nil }
      kinds["\(fault)", default: 0] += 1
      try await die()
      try await daemon.start()
      try await settle(job)
    }
    return try await verdict()
  }

  /// The daemon ends in the middle of whatever it does.
  private mutating func die() async throws {
    try await daemon.kill()
    kills += 1
    if setting.losesPower { try disk.losePower(&random) }
  }

  private func verdict() async throws -> Verdict {
    // What the sandbox has yet to carry out.
    try await Task.sleep(for: .milliseconds(2 * Nastiness.lateness))
    // What crashes left is taken back after a start; what is left after that is told by the verdict.
    try await daemon.restart()
    try? await eventually("no orphan drafts", within: .seconds(20)) {
      try await Task.sleep(for: .milliseconds(100))
      return try await Verdict.orphans(sandbox.drafts(), daemon.exported()).isEmpty
    }
    return try await Verdict(of: daemon, sandbox, jobs: jobs, invoices: invoices, kills: kills, kinds: kinds)
  }

  private mutating func startJob() async throws -> Int64 {
    let batch = (1...invoicesOfJob).map { index -> SampleInvoice in
      let number = "F\(1000 * (jobs.count + 1) + index)"
      let domain = "\(number.lowercased()).example"
      // A third has two recipients; a few are refused, or limited at first.
      let to =
        switch Int.random(in: setting.isNasty ? 0..<24 : 2..<24, using: &random) {
        case 0: "reject@\(domain)"
        case 1: "ratelimit@\(domain)"
        case 2...9: "a@\(domain), b@\(domain)"
        default: "a@\(domain)"
        }
      return SampleInvoice(number, to: to)
    }
    invoices += batch
    let daemon = daemon
    let request = UUID().uuidString
    try await repeated("import") { try await daemon.imports(batch) }
    let job = try await repeated("start of a job") { try await daemon.startAll(request) }
    jobs.append(job)
    return job
  }

  /// Does something; now and then the daemon is killed in the middle of it, and it is done again.
  private mutating func repeated<T: Sendable>(_ kind: String, _ deed: @escaping @Sendable () async throws -> T)
    async throws -> T
  {
    guard setting.isNasty, random.isOne(in: 3) else { return try await deed() }
    let pause = random.milliseconds(0...100)
    async let first = try? deed()
    try await Task.sleep(for: pause)
    try await die()
    kinds[kind, default: 0] += 1
    _ = await first
    try await daemon.start()
    return try await deed()
  }

  /// New rules for the sandbox in the place of the old ones.
  private mutating func rearm() throws {
    let rules = Nastiness.draw(&random)
    try sandbox.control(
      "scenario",
      [
        "-X", "DELETE", "--next", "-sS", "--fail-with-body", "--max-time", "20", "--cacert", sandbox.caFile,
        "-d", #"{"rules":[\#(rules)]}"#, "\(sandbox.url)/sandbox/scenario",
      ])
    if random.isOne(in: 5) { try sandbox.tokens("expire") }
  }

  private mutating func drawMoment() -> KillMoment {
    let moment = KillMoment.draw(&random, concurrency: setting.concurrency, latency: Self.latency)
    kinds[moment.kind, default: 0] += 1
    return moment
  }

  /// Before it is ready, or right after: in the middle of its recovery.
  private mutating func killWhileStarting() async throws {
    kills += 1
    kinds["start of the daemon", default: 0] += 1
    let program = try RunningProgram("invoiced", daemon.arguments)
    if random.isOne(in: 2) {
      try await program.wrote("is ready")
      try await Task.sleep(for: random.milliseconds(0...40))
    } else {
      try await Task.sleep(for: random.milliseconds(0...150))
    }
    program.kill(SIGKILL)
    try await program.end()
  }

  /// Waits until nothing more happens to a job by itself. A sender that is held for a person is tried again by a start.
  private func settle(_ job: Int64) async throws {
    var seen: Job?
    try await eventually("job \(job) to settle; it is \(String(describing: seen)); the log: \(daemon.log)") {
      try await Task.sleep(for: .milliseconds(100))
      let now = try await daemon.call(JobsInterface.GetJob.self, .init(job: job)).job
      seen = now
      if now.state == .paused, now.holds.contains(where: { $0.kind == .sender }) { try await daemon.restart() }
      return try await daemon.isSettled(job)
    }
  }
}
