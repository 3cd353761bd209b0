import Control
import Foundation
import Model
import NIOPosix
import TestSupport
import Testing

@Suite("backup and --check-store", .startsPrograms)
struct BackupTests {
  /// A second reader of the file, which is none of ours.
  private static let reader = """
    import sqlite3, sys
    file = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
    one = lambda sql: file.execute(sql).fetchone()[0]
    print(one("PRAGMA integrity_check"), one("SELECT copied_at IS NOT NULL FROM store"), one("SELECT sum(total) FROM job"),
      one("SELECT sum(sent) FROM job") == one("SELECT count(*) FROM delivery WHERE state IN ('sent', 'recorded')"),
      one("SELECT sum(sent) FROM job"))
    """

  private func read(_ path: String) async throws -> String {
    let program = try RunningProgram("python3", ["-c", Self.reader, path])
    #expect(try await program.end() == 0, "\(program.errors)")
    return program.output
  }

  @Test("a state folder and a socket named relatively to where the daemon was started")
  func relativeState() async throws {
    let daemon = try await RunningDaemon(starts: false)
    let program = try RunningProgram(
      "invoiced", ["--config", daemon.configuration, "--state", "state", "--socket", "socket"],
      folder: daemon.folder)
    try await program.wrote("is ready")
    let copy = daemon.folder + "/copy.db"
    let backup = try await daemon.ctl("backup", copy)
    #expect(backup.status == 0, "\(backup)")
    #expect(FileManager.default.fileExists(atPath: copy))
    program.kill(SIGTERM)
    #expect(try await program.end() == 0)
  }

  private func check(_ state: String) async throws -> RunningProgram {
    let program = try RunningProgram("invoiced", ["--check-store", "--state", state])
    try await program.end()
    return program
  }

  @Test("backups made while a job runs hold together, are stamped, and do not stop it")
  func whileAJobRuns() async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "40", "--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    let invoices = SampleInvoice.series(40)
    try await daemon.imports(invoices)
    try await daemon.startAll()
    for (count, name) in [(2, "1.db"), (10, "2.db")] {
      try await eventually("\(count) mails") { try sandbox.log("delivered").count >= count }
      let run = try await daemon.ctl("backup", daemon.folder + "/" + name, locale: "en")
      #expect(run.status == 0 && run.output.hasPrefix("✅ Backup complete: "), "\(run.output) \(run.errors)")
      let seen = try await read(daemon.folder + "/" + name)
      #expect(seen.hasPrefix("ok 1 40 True "), "\(seen)")
      #expect(Int(seen.split(separator: " ").last?.dropLast() ?? "") ?? 0 >= count - 2, "\(seen)")
    }
    let running = try await check(daemon.state)
    #expect(
      running.status == 0 && running.output == "\(daemon.state)/store.db: OK, 40 invoices, 1 jobs, 40 deliveries\n")
    try await daemon.job(is: .completed)
    #expect(try sandbox.delivered() == invoices.numbers)
    #expect(try await read(daemon.state + "/store.db").hasPrefix("ok 0 40 True 40"), "no stamp")
    #expect(try FileManager.default.contentsOfDirectory(atPath: daemon.state + "/backups").isEmpty)
    #expect(try await daemon.stop() == 0)
    #expect(try await check(daemon.state).status == 0)
  }

  @Test("a file that cannot be written is told with 1, leaves nothing behind, and the daemon goes on")
  func badFiles() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(20))
    let taken = try daemon.inbox.write("taken.db", "old")
    let exists = try await daemon.ctl("backup", "taken.db")
    #expect(exists.status == 1 && exists.errors.contains("existe déjà"))
    #expect(try String(contentsOfFile: taken, encoding: .utf8) == "old")
    let missing = try await daemon.ctl("backup", "none/a.db")
    #expect(missing.status == 1 && missing.errors.contains("No such file or directory"))
    // A disk that takes 4 KiB and no more.
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" --socket \"$1\" backup full.db"
    let full = try RunningProgram(
      "sh", ["-c", script, Programs.path(of: "invoicectl"), daemon.socket], folder: daemon.inbox.path)
    #expect(try await full.end() == 1)
    #expect(full.errors.contains("full.db ne peut pas être écrit : File too large"), "\(full.errors)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: daemon.inbox.path).filter { $0.contains("full") }.isEmpty)
    try await eventually("the copy is gone") {
      try FileManager.default.contentsOfDirectory(atPath: daemon.state + "/backups").isEmpty
    }
    #expect(try await daemon.ctl("backup", "--force", "taken.db").status == 0)
    #expect(try await read(taken).hasPrefix("ok 1"))
    #expect(try await daemon.ctl("start", "--all").status == 0)
  }

  @Test("one is made at a time; a client that leaves ends its own")
  func oneAtATime() async throws {
    let daemon = try await RunningDaemon()
    // More than fits between two processes.
    try await daemon.imports(SampleInvoice.series(2000))
    let client = try await VarlinkClient.connect(to: daemon.socket, group: .singletonMultiThreadedEventLoopGroup)
    var replies = try await client.stream(JobsInterface.Backup.self, Empty()).makeAsyncIterator()
    let size = try #require(try await replies.next()?.parameters.sizeInBytes)
    try #require(size > 1_000_000)
    let second = try await daemon.ctl("backup", "second.db")
    #expect(second.status == 3 && second.errors.contains("Une autre sauvegarde est en cours"), "\(second.errors)")
    await client.close()
    try await eventually("another one is made") { try await daemon.ctl("backup", "second.db").status == 0 }
    #expect(try await read(daemon.inbox("second.db")).hasPrefix("ok 1"))
  }

  /// Whether this user may make a file system of its own.
  private static let mounts =
    (try? RunningProgram("unshare", ["-Urm", "mount", "-t", "tmpfs", "none", "/mnt"]).endBlocking()) == 0

  @Test(
    "without room for a copy it is refused with 3, and jobs go on",
    .enabled(if: mounts, "no user namespaces here, and so no small disk"))
  func noRoom() async throws {
    let daemon = try await RunningDaemon(starts: false)
    try FileManager.default.createDirectory(atPath: daemon.state, withIntermediateDirectories: true)
    // Room for what the daemon keeps free for outcomes, and not for a copy as well.
    let script = "mount -t tmpfs -o size=20m none \"$0\" && exec \"$@\""
    let program = try RunningProgram(
      "unshare",
      ["-Urm", "sh", "-c", script, daemon.state, Programs.path(of: "invoiced")] + daemon.arguments)
    try await program.wrote("is ready")
    try await daemon.imports(SampleInvoice.series(5))
    let refused = try await daemon.ctl("backup", "a.db")
    #expect(refused.status == 3 && refused.errors.contains("Le démon manque de place"), "\(refused.errors)")
    #expect(!FileManager.default.fileExists(atPath: daemon.inbox("a.db")))
    #expect(try await daemon.ctl("start", "--all").status == 0)
    program.kill(SIGTERM)
    #expect(try await program.end() == 0)
  }

  @Test("what a daemon that died left of a copy is removed by the next one")
  func leftOver() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.kill()
    let left = daemon.state + "/backups/left.db"
    try FileManager.default.createDirectory(atPath: daemon.state + "/backups", withIntermediateDirectories: true)
    try Data("half".utf8).write(to: URL(filePath: left))
    try await daemon.start()
    #expect(!FileManager.default.fileExists(atPath: left))
    #expect(try await daemon.ctl("backup", "a.db").status == 0)
  }

  @Test("--check-store ends with 1 and a line for each finding, and with 78 where there is no store")
  func checkStore() async throws {
    let daemon = try await RunningDaemon()
    try await daemon.imports(SampleInvoice.series(3))
    try await daemon.ctl("start", "--all")
    try await daemon.stop()
    let program = try RunningProgram(
      "python3",
      [
        "-c",
        "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(\"update delivery set state='lost'\"); c.commit()",
        daemon.state + "/store.db",
      ])
    #expect(try await program.end() == 0)
    let found = try await check(daemon.state)
    #expect(found.status == 1)
    let lines = found.output.split(separator: "\n").filter { $0.contains("store.db: delivery ") }
    #expect(lines.count == 3 && lines.allSatisfy { $0.contains("; restore a backup") }, "\(found.output)")
    #expect(!found.output.contains("OK"))
    let none = try await check(daemon.folder + "/nowhere")
    #expect(none.status == 78 && none.errors.contains("nowhere/store.db: there is no store"), "\(none.errors)")
    #expect(!FileManager.default.fileExists(atPath: daemon.folder + "/nowhere"))
  }
}
