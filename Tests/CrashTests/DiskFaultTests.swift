import Foundation
import Model
import TestSupport
import Testing

/// The disk fails under a daemon that sends: nothing new goes out meanwhile, no outcome is lost, people are told, and it
/// goes on by itself.
@Suite("a disk that fails", .serialized, .timeLimit(.minutes(5)))
struct DiskFaultTests {
  private static let invoices = SampleInvoice.series(24)
  private static let concurrency = 2

  private let sandbox: RunningSandbox
  private let daemon: RunningDaemon
  private let disk: TracedDisk

  init() async throws {
    sandbox = try RunningSandbox(["--latency-ms", "120", "--units-per-minute", "0"])
    daemon = try await RunningDaemon(.gmail(sandbox, ["concurrency": "\(Self.concurrency)"]), starts: false)
    disk = try TracedDisk([daemon.state])
    daemon.prepareStarts { [disk] in
      try disk.begin()
      return try disk.environment()
    }
    try await daemon.start()
    try await daemon.imports(Self.invoices)
  }

  private var sent: Int { get throws { try sandbox.log("delivered").count } }

  /// A job of which some mails are out.
  private func begun() async throws -> Int64 {
    let job = try await daemon.startAll("r")
    try await eventually("3 mails") { try sent >= 3 }
    return job
  }

  /// Everything went out once, on the first attempt, and the history knows.
  private func completed(_ job: Int64, _ other: RunningSandbox? = nil) async throws {
    try await eventually("the job settles; \(daemon.log.suffix(3000))") { try await daemon.isSettled(job) }
    let deliveries = try await daemon.exported()
    #expect(
      deliveries.count == Self.invoices.count && deliveries.allSatisfy { $0.state == .recorded && $0.attempt == 1 })
    let got = try (other ?? sandbox).log("delivered").compactMap(\.subject).sorted()
    #expect(got == Self.invoices.map { "Facture \($0.number)" }.sorted())
  }

  @Test(
    "that is full or cannot be written stops new sends, is told, and loses no outcome",
    arguments: [
      TracedDisk.Fault.full, .readOnly,
    ])
  func refuses(_ fault: TracedDisk.Fault) async throws {
    let job = try await begun()
    try disk.set(fault, 255)
    try await eventually("it is told") {
      let status = try await daemon.ctl("status").output
      return fault == .full
        ? status.contains("plus de place pour la base de données")
        : status.contains("la base de données ne peut pas être écrite")
    }
    #expect(daemon.log.contains("the store is in trouble, nothing new is sent until it recovers"))
    // What was on its way may end.
    try await eventually("nothing is on its way") {
      let before = try sent
      try await Task.sleep(for: .milliseconds(500))
      return try sent == before
    }
    let before = try sent
    #expect(before < Self.invoices.count)
    let refused = try await daemon.ctl("start", "--all", "--yes", "--detach")
    #expect(refused.status != 0)
    try await Task.sleep(for: .milliseconds(1000))
    #expect(try sent == before, "something was sent with nowhere to write it")
    try disk.set(fault, 0)
    try await completed(job)
    #expect(daemon.log.contains("the store is well again; sending goes on"))
  }

  @Test(
    "that takes no outcomes during a stop is waited for: the service manager is asked for more time, and none is lost")
  func stop() async throws {
    let manager = try NotifySocket()
    defer { manager.remove() }
    try await daemon.stop()
    // Slow, so that something is always being sent.
    let sandbox = try RunningSandbox(["--latency-ms", "400", "--units-per-minute", "0"])
    try Data(contentsOf: URL(filePath: sandbox.credentialFile)).write(
      to: URL(filePath: daemon.folder + "/credential.json"))
    try daemon.configure(.gmail(sandbox, ["concurrency": "\(Self.concurrency)"]))
    daemon.prepareStarts { [disk, path = manager.path] in
      try disk.begin()
      return try disk.environment().merging(["NOTIFY_SOCKET": path]) { $1 }
    }
    try await daemon.start()
    let job = try await daemon.startAll("r")
    // Until an answer has come whose outcome cannot be written.
    for attempt in 1...10 {
      try await eventually("something is being sent") {
        try await daemon.exported().contains { $0.state == .sending }
      }
      try disk.set(.readOnly, 255)
      try await Task.sleep(for: .milliseconds(1200))
      if try await daemon.exported().contains(where: { $0.state == .sending }) { break }
      try disk.set(.readOnly, 0)
      try await Task.sleep(for: .milliseconds(37 * attempt))
    }
    try #require(try await daemon.exported().contains { $0.state == .sending })
    // Reloading changes nothing about it: the old runner has not finished.
    daemon.program?.kill(SIGHUP)
    while try #require(manager.receive(), "it reads the configuration").hasPrefix("RELOADING=1") == false {}
    try await Task.sleep(for: .milliseconds(300))
    #expect(try await daemon.ctl("status").output.contains("la base de données ne peut pas être écrite"))
    daemon.program?.kill(SIGTERM)
    while try #require(manager.receive(), "it says that it stops").hasPrefix("STOPPING=1") == false {}
    while try #require(manager.receive(), "it asks for more time") != "EXTEND_TIMEOUT_USEC=60000000" {}
    #expect(daemon.program?.status == nil, "it waits")
    try disk.set(.readOnly, 0)
    #expect(try await daemon.program?.end() == 0)
    daemon.prepareStarts { [:] }
    try await daemon.start()
    try await completed(job, sandbox)
  }

  @Test("whose syncs fail although they are carried out makes nothing twice")
  func ambiguousCommits() async throws {
    let job = try await daemon.startAll("r")
    for count in [3, 8, 13, 18] {
      try await eventually("\(count) mails; \(daemon.log.suffix(2000))") { try sent >= count }
      try disk.set(.io, 1)
      try await eventually("it has met one") {
        daemon.log.components(separatedBy: "the store is in trouble").count > 1
      }
    }
    try await completed(job)
  }

  @Test(
    "a reload in the middle of such a commit leaves nothing in sending, and sends everything once, without a restart")
  func reloadAtAmbiguousCommit() async throws {
    let invoices = SampleInvoice.series(60)
    try await daemon.imports(invoices)
    let job = try await daemon.startAll("r")
    var (reloads, stuck) = (0, 0)
    while try await !daemon.isSettled(job) {
      let before = try sent
      let trouble = daemon.log.components(separatedBy: "the store is in trouble").count
      try disk.set(.io, 1)
      try await eventually("it has met one, or has nothing left to send") {
        if daemon.log.components(separatedBy: "the store is in trouble").count > trouble { return true }
        return try await daemon.isSettled(job)
      }
      // The store is opened anew by the next change, and the runner waits two seconds before it makes one.
      if try await daemon.exported().contains(where: { $0.state == .sending }) { stuck += 1 }
      daemon.program?.kill(SIGHUP)
      reloads += 1
      try await eventually("it goes on; \(daemon.log.suffix(2000))") {
        if try sent > before { return true }
        return try await daemon.isSettled(job)
      }
    }
    #expect(reloads > 1 && stuck > 0)
    let deliveries = try await daemon.exported()
    #expect(deliveries.count == invoices.count && deliveries.allSatisfy { $0.state == .recorded })
    let got = try sandbox.log("delivered").compactMap(\.subject).sorted()
    #expect(got == invoices.map { "Facture \($0.number)" }.sorted())
  }

  @Test("a database that another program has locked is waited for")
  func locked() async throws {
    let job = try await begun()
    // Longer than SQLite waits by itself.
    let script = """
      import sqlite3, sys, time
      c = sqlite3.connect(sys.argv[1], timeout=30, isolation_level=None)
      c.execute('BEGIN EXCLUSIVE'); print('locked', flush=True); time.sleep(7); c.execute('ROLLBACK')
      """
    let program = try RunningProgram("python3", ["-c", script, daemon.state + "/store.db"])
    try await program.wrote("locked")
    let before = try sent
    #expect(try await program.end() == 0)
    #expect(try sent <= before + Self.concurrency, "only what was on its way")
    try await completed(job)
  }

  /// Whether this user may make a file system of its own.
  private static let mounts =
    (try? RunningProgram("unshare", ["-Urm", "mount", "-t", "tmpfs", "none", "/mnt"]).endBlocking()) == 0

  @Test(
    "that is really full holds the job, tells every watcher why, and goes on when there is room",
    .enabled(if: mounts, "no user namespaces here, and so no small disk"))
  func reallyFull() async throws {
    let daemon = try await RunningDaemon(.gmail(sandbox, ["concurrency": "\(Self.concurrency)"]), starts: false)
    try FileManager.default.createDirectory(atPath: daemon.state, withIntermediateDirectories: true)
    let script = "mount -t tmpfs -o size=12m none \"$0\" && exec \"$@\""
    let program = try RunningProgram(
      "unshare", ["-Urm", "sh", "-c", script, daemon.state, Programs.path(of: "invoiced")] + daemon.arguments)
    try await program.wrote("is ready")
    let invoices = SampleInvoice.series(40)
    try await daemon.imports(invoices)
    let job = try await daemon.startAll("r")
    try await eventually("3 mails") { try sent >= 3 }
    // The same file system, through the daemon's own eyes.
    let filler = "/proc/\(program.id)/root\(daemon.state)/filler"
    let fill = try RunningProgram("sh", ["-c", "cat /dev/zero >\"$0\"", filler])
    #expect(try await fill.end() != 0)
    let watching = try RunningProgram("invoicectl", ["--socket", daemon.socket, "watch", "\(job)"])
    try await eventually("it is told; \(watching.output); the log: \(program.errors.suffix(3000))") {
      watching.output.contains("⏸️ Envoi en pause : plus de place pour la base de données")
    }
    #expect(try await daemon.ctl("status").output.contains("plus de place pour la base de données"))
    let before = try sent
    try await Task.sleep(for: .milliseconds(1000))
    #expect(try sent == before && before < invoices.count)
    try FileManager.default.removeItem(atPath: filler)
    try await eventually("the job settles; \(program.errors.suffix(3000))") { try await daemon.isSettled(job) }
    #expect(try await daemon.exported().allSatisfy { $0.state == .recorded && $0.attempt == 1 })
    #expect(try sandbox.log("delivered").count == invoices.count)
    program.kill(SIGTERM)
    #expect(try await program.end() == 0)
  }
}
