import Foundation
import GRDB
import Model
@testable import Store
import TestSupport
import Testing

@Suite("A store that was put back or copied")
struct RestoredStoreTests {
  /// A job with a delivery in each open state, and one that is sent.
  private func bench() async throws -> (StoreBench, Job) {
    let bench = try StoreBench()
    try await bench.add((1...6).map { .sample("\($0)") })
    let job = try await bench.start("r", (1...5).map(String.init))
    let due = try await bench.dueDeliveries()
    for index in 0...3 { #expect(try await bench.begin(due[index]) == .go) }
    _ = try await bench.store.finishSending(due[0], .sent(bench.receipt()))
    _ = try await bench.store.finishSending(due[1], .unknown(.answerLost, "", ask: false))
    _ = try await bench.store.finishSending(
      due[2], .again(.rateLimited, "", at: bench.clock.time.now(), counts: false))
    return (bench, job)
  }

  private func open(_ folder: String, _ bench: StoreBench) throws -> Store {
    try Store(path: folder + "/store.db", pipelines: ["invoices", "other"], time: bench.clock.time)
  }

  private func checkDoubt(_ store: Store, _ job: Int64) async throws {
    let deliveries = try await store.deliveries(job: job, states: [], period: nil, after: 0, limit: 100)
    #expect(deliveries.map(\.state) == [.sent, .unknown, .unknown, .unknown, .unknown])
    #expect(deliveries.dropFirst().allSatisfy { $0.code == .restored })
    #expect(try await store.unknowns(pipeline: "invoices", except: [], limit: 10).isEmpty, "only a person decides")
    #expect(try await store.job(job).holds.map(\.kind) == [.restored, .restored], "its own, and the sender's")
    #expect(try await store.holds(pipeline: "other").map(\.kind) == [.restored], "new jobs wait too")
  }

  @Test("opened again where it was, it goes on with the same epoch")
  func same() async throws {
    let (bench, job) = try await bench()
    let (identity, epoch) = (bench.store.identity, bench.store.epoch)
    let again = try bench.reopened()
    #expect(again.restoration == nil && again.identity == identity && again.epoch == epoch)
    #expect(try await again.job(job.id).holds.isEmpty)
  }

  @Test("a backup put in its place has a new epoch and identity, and asks a person about every open delivery")
  func backup() async throws {
    let (bench, job) = try await bench()
    let (identity, epoch) = (bench.store.identity, bench.store.epoch)
    try bench.store.close()
    try await stamp(bench.folder.path)
    let store = try open(bench.folder.path, bench)
    guard case .backup = store.restoration else {
      Issue.record("\(String(describing: store.restoration))")
      return
    }
    #expect(store.epoch != epoch && store.identity != identity)
    try await checkDoubt(store, job.id)
    // Once: the next start goes on from there, with all that people have yet to decide.
    let next = store.epoch
    try store.close()
    let again = try open(bench.folder.path, bench)
    #expect(again.restoration == nil && again.epoch == next)
    try await checkDoubt(again, job.id)
  }

  @Test("the whole folder copied elsewhere is noticed by its file")
  func copiedFolder() async throws {
    let (bench, job) = try await bench()
    try bench.store.close()
    let copy = try TemporaryFolder()
    for name in ["store.db", "epoch"] {
      try FileManager.default.copyItem(atPath: "\(bench.folder.path)/\(name)", toPath: "\(copy.path)/\(name)")
    }
    let store = try open(copy.path, bench)
    #expect(store.restoration == .otherFile)
    try await checkDoubt(store, job.id)
  }

  @Test("an older database beside a newer mark, another store's, and none at all are noticed")
  func otherMark() async throws {
    let (bench, job) = try await bench()
    try bench.store.close()
    try FileManager.default.removeItem(atPath: bench.folder.path + "/epoch")
    let first = try open(bench.folder.path, bench)
    #expect(first.restoration == .noMark)
    try await checkDoubt(first, job.id)
    try first.close()
    let other = try StoreBench()
    try FileManager.default.removeItem(atPath: bench.folder.path + "/epoch")
    try FileManager.default.copyItem(
      atPath: other.folder.path + "/epoch", toPath: bench.folder.path + "/epoch")
    #expect(try open(bench.folder.path, bench).restoration == .otherMark)
  }

  @Test("a new store whose mark a crash kept from the disk is no restored one")
  func newStore() async throws {
    let bench = try StoreBench()
    try bench.store.close()
    for _ in 1...2 {
      try open(bench.folder.path, bench).close()
      try FileManager.default.removeItem(atPath: bench.folder.path + "/epoch")
      try StoreFixture.sql("UPDATE store SET generation = 1", on: bench.folder("store.db"))
    }
    #expect(try open(bench.folder.path, bench).restoration == nil)
  }

  @Test("nothing goes out before a person resumes; what they decide is done, and new jobs go on")
  func resumed() async throws {
    let (bench, job) = try await bench()
    try bench.store.close()
    try await stamp(bench.folder.path)
    let store = try open(bench.folder.path, bench)
    // Sent since the backup, as far as anybody knows: it looks due.
    let next = try await store.createJob(
      JobRequest(id: "n", pipeline: "invoices", filter: Filter(numbers: ["6"])), exclusive: true,
      by: StoreBench.person)
    #expect(next.state == .paused && next.holds.map(\.kind) == [.restored])
    for (position, sent) in [(2, true), (3, false)] {
      let attempt = try await store.deliveries(job: job.id, states: [], period: nil, after: 0, limit: 100)[position - 1]
        .attempt
      _ = try await store.resolve(
        job: job.id, position: position, attempt: attempt, sent: sent ? bench.receipt() : nil, by: StoreBench.person)
    }
    #expect(try await store.job(job.id).state == .paused)
    #expect(try await store.dueDeliveries(pipeline: "invoices", inFlight: [], limit: 10).isEmpty)
    #expect(try await store.resume(next.id, by: StoreBench.person).state == .running)
    #expect(try await store.job(job.id).state == .paused, "its own hold is its own")
    #expect(try await store.resume(job.id, by: StoreBench.person).state == .running)
    #expect(
      Set(try await store.dueDeliveries(pipeline: "invoices", inFlight: [], limit: 10).map(\.invoice.number)) == [
        "3", "6",
      ])
  }

  @Test("a pipeline that the configuration names only afterwards waits, too, until somebody has decided")
  func laterPipeline() async throws {
    let (bench, _) = try await bench()
    try bench.store.close()
    try await stamp(bench.folder.path)
    let store = try open(bench.folder.path, bench)
    func start(_ pipeline: String, _ number: String) async throws -> Job {
      try await store.createJob(
        JobRequest(id: "\(pipeline) \(number)", pipeline: pipeline, filter: Filter(numbers: [number])),
        exclusive: true, series: SeriesChoice(answer: SeriesChoice.new), by: StoreBench.person)
    }
    let job = try await start("later", "6")
    #expect(job.state == .paused && job.holds.map(\.kind) == [.restored])
    #expect(try await store.resume(job.id, by: StoreBench.person).state == .running)
    #expect(try await start("later", "5").state == .running, "decided once for this pipeline")
    #expect(try await store.holds(pipeline: "other").map(\.kind) == [.restored])
  }

  @Test("a named pipe in the place of the mark is no mark, and keeps nobody waiting")
  func pipeAsMark() async throws {
    let (bench, job) = try await bench()
    try bench.store.close()
    try FileManager.default.removeItem(atPath: bench.folder.path + "/epoch")
    #expect(mkfifo(bench.folder.path + "/epoch", 0o600) == 0)
    let store = try open(bench.folder.path, bench)
    #expect(store.restoration == .noMark)
    try await checkDoubt(store, job.id)
  }

  /// As a backup has it.
  private func stamp(_ folder: String) async throws {
    let database = try DatabaseQueue(path: folder + "/store.db")
    try await database.write { try $0.execute(sql: "UPDATE store SET copied_at = 1000") }
    try database.close()
  }
}
