import Files
import Foundation
import GRDB
import Model
import TestSupport
import Testing

@testable import Store

/// What a database alone cannot show: that it is an older one, or a new one in the place of another.
@Suite("A store that is lost or rolled back")
struct OlderStoreTests {
  /// Puts an older content into the file that is there, as `cp` does, and removes the log.
  private func overwrite(_ path: String, _ content: Data) throws {
    let before = FileIdentity(of: path)
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.truncate(atOffset: 0)
    try file.write(contentsOf: content)
    try file.close()
    for name in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + name) }
    #expect(FileIdentity(of: path) == before, "the same file, with other content")
  }

  private func send(_ number: String, _ store: Store, _ bench: StoreBench) async throws {
    try await store.stage(
      "i", invoices: [StagedInvoice(line: 2, invoice: .sample(number), sentAt: nil)], problems: [])
    _ = try await store.applyImport("i", skipBad: false, by: StoreBench.person)
    _ = try await store.createJob(
      JobRequest(id: number, pipeline: "invoices", filter: Filter(numbers: [number])), exclusive: true,
      by: StoreBench.person)
    let due = try #require(try await store.dueDeliveries(pipeline: "invoices", inFlight: [], limit: 1).first)
    let decision = try await store.beginSending(
      due, token: SendToken("t"), delivers: true, messagesPerDay: nil)
    #expect(decision == .go)
    _ = try await store.finishSending(due, .sent(bench.receipt()))
    try await store.markRecorded(due.id)
  }

  private func open(_ bench: StoreBench) throws -> Store {
    try Store(path: bench.folder("store.db"), pipelines: ["invoices"], time: bench.clock.time)
  }

  /// What the next start finds, and that nothing goes out there by itself.
  private func found(_ bench: StoreBench) async throws -> Restoration? {
    let store = try open(bench)
    defer { try? store.close() }
    guard store.restoration != nil else { return nil }
    #expect(try await store.holds(pipeline: "invoices").map(\.kind) == [.restored])
    #expect(try await store.dueDeliveries(pipeline: "invoices", inFlight: [], limit: 1).isEmpty)
    return store.restoration
  }

  enum Loss: CaseIterable { case removed, emptied }

  @Test("a database that was removed or emptied is one that is gone: new jobs wait", arguments: Loss.allCases)
  func lost(_ loss: Loss) async throws {
    let bench = try StoreBench()
    try await send("1", bench.store, bench)
    try bench.store.close()
    switch loss {
    case .removed: try FileManager.default.removeItem(atPath: bench.folder("store.db"))
    case .emptied: try overwrite(bench.folder("store.db"), Data())
    }
    // The new one is taken for what it is until somebody has seen it, also when a crash keeps its mark from the disk.
    let mark = try Data(contentsOf: URL(filePath: bench.folder("epoch")))
    #expect(try await found(bench) == .lost)
    try mark.write(to: URL(filePath: bench.folder("epoch")))
    #expect(try await found(bench) == .lost)
    #expect(try await found(bench) == nil, "once it is known it goes on, with its holds")
    let store = try open(bench)
    try await store.stage("i", invoices: [StagedInvoice(line: 2, invoice: .sample("1"), sentAt: nil)], problems: [])
    _ = try await store.applyImport("i", skipBad: false, by: StoreBench.person)
    let job = try await store.createJob(
      JobRequest(id: "n", pipeline: "invoices", filter: Filter(numbers: ["1"])), exclusive: true,
      by: StoreBench.person)
    #expect(job.state == .paused && job.holds.map(\.kind) == [.restored])
  }

  @Test("a copy that is written over the file is an older one, whatever it had: nothing, or a job less")
  func overwritten() async throws {
    let bench = try StoreBench()
    var copies: [Data] = []
    var store = bench.store
    for number in ["1", "2"] {
      try store.close()
      copies.append(try Data(contentsOf: URL(filePath: bench.folder("store.db"))))
      store = try open(bench)
      #expect(store.restoration == nil)
      try await send(number, store, bench)
    }
    try store.close()
    let last = try Data(contentsOf: URL(filePath: bench.folder("store.db")))
    let mark = try Data(contentsOf: URL(filePath: bench.folder("epoch")))
    for copy in copies {
      try overwrite(bench.folder("store.db"), copy)
      try mark.write(to: URL(filePath: bench.folder("epoch")))
      #expect(try await found(bench) == .older)
    }
    try overwrite(bench.folder("store.db"), last)
    try mark.write(to: URL(filePath: bench.folder("epoch")))
    #expect(try await found(bench) == nil, "the newest one is the store itself")
  }

  @Test(
    "a copy that was made since the last start, and a log that was removed, are older as soon as something was sent")
  func withinOneRun() async throws {
    let bench = try StoreBench()
    let store = try bench.reopened()
    try await send("1", store, bench)
    // All that was written since the last start stands in the log alone.
    let file = try Data(contentsOf: URL(filePath: bench.folder("store.db")))
    try store.close()
    try overwrite(bench.folder("store.db"), file)
    #expect(try await found(bench) == .older)
  }

  @Test("what a person has decided is not undone unnoticed")
  func decisions() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    try bench.store.close()
    let copy = try Data(contentsOf: URL(filePath: bench.folder("store.db")))
    let store = try open(bench)
    try await store.hold(invoice: "1", reason: "dispute", by: StoreBench.person)
    try store.close()
    try overwrite(bench.folder("store.db"), copy)
    #expect(try await found(bench) == .older)
  }

  @Test("a file of the same number that was made later is another one, and one whose birth is not known is not")
  func sameInode() async throws {
    let bench = try StoreBench()
    try await send("1", bench.store, bench)
    try bench.store.close()
    let file = StoreMark.File(beside: bench.folder("store.db"))
    var mark = try #require(file.read())
    try #require(mark.file.birth != nil, "this file system keeps no births")
    mark.file.birth = nil
    try file.write(mark)
    #expect(try await found(bench) == nil)
    mark = try #require(file.read())
    mark.file.birth? -= 1
    try file.write(mark)
    #expect(try await found(bench) == .otherFile)
  }

  @Test("a mark that is behind, as a crash between the two leaves it, is that of a healthy store")
  func behind() async throws {
    let bench = try StoreBench()
    let early = try Data(contentsOf: URL(filePath: bench.folder("epoch")))
    try await send("1", bench.store, bench)
    try bench.store.close()
    for _ in 1...3 {
      try early.write(to: URL(filePath: bench.folder("epoch")))
      #expect(try await found(bench) == nil)
    }
  }

  @Test("a mark of version 0.1, without generation and birth, is taken as it is, and tells a copy still")
  func oldMark() async throws {
    let bench = try StoreBench()
    try bench.folder.makeFolder("old")
    try StoreFixture.make("0.1.0-schema-2", at: bench.folder("old/store.db"))
    try bench.store.close()
    let path = bench.folder("store.db")
    try overwrite(path, Data(contentsOf: URL(filePath: bench.folder("old/store.db"))))
    let identity = try StoreFixture.value(String.self, "SELECT identity FROM store", of: path) ?? ""
    let epoch = try StoreFixture.value(String.self, "SELECT epoch FROM store", of: path) ?? ""
    func write(inode: UInt64) throws {
      let text = #"{"epoch":"\#(epoch)","inode":\#(inode),"store":"\#(identity)"}"# + "\n"
      try Data(text.utf8).write(to: URL(filePath: bench.folder("epoch")))
    }
    let inode = try #require(FileIdentity(of: path)).inode
    try write(inode: inode)
    // The first start may be killed before it has written its own mark.
    for _ in 1...2 {
      #expect(try await found(bench) == nil)
      try write(inode: inode)
    }
    try write(inode: inode + 1)
    #expect(try await found(bench) == .otherFile)
  }

  @Test("a database of a version without marks, put beside a mark, is compared with it")
  func unmarkedDatabase() async throws {
    let bench = try StoreBench()
    try await send("1", bench.store, bench)
    try bench.store.close()
    try StoreFixture.make("0.1.0", at: bench.folder("old.db"))
    try overwrite(bench.folder("store.db"), Data(contentsOf: URL(filePath: bench.folder("old.db"))))
    #expect(try await found(bench) == .otherMark)
  }

  @Test("nothing may be sent before the mark knows of it; what was committed all the same is asked again, or looked up")
  func markUnwritable() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let job = try await bench.start("r", ["1"])
    let due = try #require(try await bench.dueDeliveries().first)
    let mark = try bench.folder.blockMark()
    await #expect(throws: StoreError.self) { _ = try await bench.begin(due) }
    await #expect(throws: StoreError.self) { try await bench.store.probe() }
    #expect(
      try await bench.store.deliveries(job: job.id, states: [.sending], period: nil, after: 0, limit: 9).count == 1)
    try bench.folder.unblockMark(mark)
    #expect(try await bench.begin(due) == .go)
    let generation = try await bench.store.read { try Int64.fetchOne($0, sql: "SELECT generation FROM store") }
    #expect(StoreMark.File(beside: bench.folder("store.db")).read()?.generation == generation)
    try bench.store.close()
    #expect(try await found(bench) == nil)
  }

  @Test("one that somebody removes while the store is open is made anew")
  func markRemoved() async throws {
    let bench = try StoreBench()
    try FileManager.default.removeItem(atPath: bench.folder("epoch"))
    try await send("1", bench.store, bench)
    try bench.store.close()
    #expect(try await found(bench) == nil)
  }

  @Test("a look at a store says beforehand what its next start will take it for")
  func checked() async throws {
    let bench = try StoreBench()
    try await send("1", bench.store, bench)
    #expect(try StoreCheck(path: bench.folder("store.db")).notes.isEmpty)
    try bench.store.close()
    #expect(try StoreCheck(path: bench.folder("store.db")).notes.isEmpty)
    try FileManager.default.removeItem(atPath: bench.folder("epoch"))
    let check = try StoreCheck(path: bench.folder("store.db"))
    #expect(check.findings.isEmpty)
    #expect(check.notes == ["the daemon's next start takes it for a restored store: \(Restoration.noMark)"])
  }
}
