import Control
import Foundation
import Model
import TestSupport
import Testing

/// The state folder is put back to an earlier time, in every way that people do it: what was sent since is not sent again.
@Suite("a store that is lost or rolled back", .timeLimit(.minutes(5)))
struct RolledBackStoreTests {
  enum Way: CaseIterable {
    /// The database is gone, and the rest of the folder is not.
    case removed, emptied
    /// A copy of the stopped store is written over the file: the same inode.
    case overwritten
    /// The same, of a copy that was made before the first job.
    case overwrittenByFirst
    /// A copy that was made while the daemon ran, after a kill.
    case overwrittenAfterKill
    /// After a kill, as if the log were rubbish.
    case logRemoved
    /// `rm -rf state; cp -a copy state`: all of one time, and often with the same inode numbers.
    case folder
  }

  private static let before = SampleInvoice.series(6)
  private static let since = (1...6).map { SampleInvoice("G\($0)") }

  @Test("nothing that was sent since goes out again, and what was found is said", arguments: Way.allCases)
  func rolledBack(_ way: Way) async throws {
    let sandbox = try RunningSandbox(["--latency-ms", "10", "--units-per-minute", "0"])
    let daemon = try await RunningDaemon(.gmail(sandbox))
    let copies = try TemporaryFolder()
    try await daemon.imports(Self.before + Self.since)
    try await daemon.stop()
    try copy(daemon, to: copies("first"))
    try await daemon.start()
    try await send(Self.before, daemon)
    if way == .overwrittenAfterKill {
      try copy(daemon, to: copies("copy"))
    } else {
      try await daemon.stop()
      try copy(daemon, to: copies("copy"))
      try await daemon.start()
    }
    try await send(Self.since, daemon)
    let all = (Self.before + Self.since).map { "Facture \($0.number)" }.sorted()
    #expect(try subjects(sandbox) == all)

    if [.overwrittenAfterKill, .logRemoved].contains(way) { try await daemon.kill() } else { try await daemon.stop() }
    try rollBack(way, daemon, copies)
    try await daemon.start()
    #expect(daemon.log.contains("the store was restored (\(Self.finding(way))"), "\(daemon.log.suffix(2000))")
    try await daemon.imports(Self.before + Self.since)
    let job = try await daemon.startAll("again")
    #expect(try await daemon.call(JobsInterface.GetJob.self, .init(job: job)).job.holds.map(\.kind).contains(.restored))
    // A daemon that did not hold it would have sent by the time that it has started another job, and been stopped.
    try await daemon.restart()
    #expect(try subjects(sandbox) == all, "sent again")
    try await daemon.stop()
  }

  /// How the line in the journal begins.
  private static func finding(_ way: Way) -> String {
    switch way {
    case .removed, .emptied: "the file “epoch” names a store that is gone"
    case .overwritten, .overwrittenByFirst, .overwrittenAfterKill, .logRemoved:
      "store.db is older than the file “epoch”"
    case .folder: "the database was copied into place"
    }
  }

  private func subjects(_ sandbox: RunningSandbox) throws -> [String] {
    try sandbox.log("delivered").compactMap(\.subject).sorted()
  }

  private func send(_ invoices: [SampleInvoice], _ daemon: RunningDaemon) async throws {
    let numbers = invoices.map(\.number)
    let job = try await daemon.call(
      JobsInterface.Start.self, .init(request: numbers[0], filter: .init(numbers: numbers))
    ).job.id
    try await eventually("job \(job) settles; \(daemon.log.suffix(2000))") { try await daemon.isSettled(job) }
  }

  private func copy(_ daemon: RunningDaemon, to path: String) throws {
    try run("cp", "-a", daemon.state, path)
  }

  private func rollBack(_ way: Way, _ daemon: RunningDaemon, _ copies: TemporaryFolder) throws {
    let database = daemon.state + "/store.db"
    let log = [database + "-wal", database + "-shm"]
    switch way {
    case .removed: try run("rm", ["-f", database] + log)
    case .emptied: try run("truncate", "-s", "0", database)
    case .overwritten:
      try run("cp", copies("copy/store.db"), database)
      try run("rm", ["-f"] + log)
    case .overwrittenByFirst:
      try run("cp", copies("first/store.db"), database)
      try run("rm", ["-f"] + log)
    case .overwrittenAfterKill:
      // With its log, as a careful person copies it.
      for name in ["store.db", "store.db-wal"] { try run("cp", copies("copy/\(name)"), "\(daemon.state)/\(name)") }
      try run("rm", "-f", database + "-shm")
    case .logRemoved: try run("rm", ["-f"] + log)
    case .folder:
      try run("rm", "-rf", daemon.state)
      try run("cp", "-a", copies("copy"), daemon.state)
    }
  }

  private func run(_ program: String, _ arguments: String...) throws { try run(program, arguments) }

  private func run(_ program: String, _ arguments: [String]) throws {
    let running = try RunningProgram(program, arguments)
    guard try running.endBlocking() == 0 else { throw NotInTime("\(program) \(arguments): \(running.errors)") }
  }
}
