import Foundation
import GRDB
import Model
import TestSupport
import Testing

@testable import Store

@Suite("Copies of a store", .timeLimit(.minutes(2)))
struct CopyTests {
  @Test("copies made while deliveries are written hold together, and are one file each, with the time in it")
  func whileWriting() async throws {
    let bench = try StoreBench()
    let numbers = (1...200).map { "N\($0)" }
    try await bench.add(numbers.map { .sample($0) })
    let job = try await bench.start("r", numbers)
    let paths = (1...8).map { bench.folder("copies/\($0).db") }
    try bench.folder.makeFolder("copies")
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await bench.sendAll() }
      group.addTask { for path in paths { try await bench.store.copy(to: path) } }
      try await group.waitForAll()
    }
    #expect(try await bench.store.job(job.id).counts.sent == 200, "the writer went on")
    #expect(bench.folder.names(in: "copies") == (1...8).map { "\($0).db" }.sorted())
    let sent = try paths.map { path in
      let check = try StoreCheck(path: path)
      #expect(check.findings.isEmpty, "\(check.findings)")
      #expect(check.notes == ["a backup of \(WireJSON.text(of: bench.clock.time.now()))"])
      return try StoreFixture.value(Int.self, "SELECT sent FROM job", of: path) ?? -1
    }
    #expect(sent == sent.sorted())
    #expect(try await bench.copiedAt() == nil, "the stamp is in the copies alone")
  }

  @Test("a copy holds what is still in the log alone, and its size is known before")
  func ofTheLog() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let size = try await bench.store.sizeInBytes()
    let path = bench.folder("copy.db")
    try await bench.store.copy(to: path)
    #expect(try StoreFixture.value(Int.self, "SELECT count(*) FROM invoice", of: path) == 1)
    #expect(try Data(contentsOf: URL(filePath: path)).count == size)
    #expect(try StoreFixture.value(String.self, "PRAGMA journal_mode", of: path) == "delete")
  }

  @Test("one that nobody waits for any more is given up")
  func cancelled() async throws {
    let bench = try StoreBench()
    let path = bench.folder("copy.db")
    let copy = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      try await bench.store.copy(to: path)
    }
    await #expect(throws: CancellationError.self) { try await copy.value }
  }

  @Test("where a file is already, and where no folder is, it fails, and the store goes on")
  func badPlaces() async throws {
    let bench = try StoreBench()
    let taken = try bench.folder.write("taken", Array(repeating: UInt8(ascii: "x"), count: 5000))
    for path in [taken, bench.folder("none/copy.db")] {
      await #expect(throws: StoreError.self) { try await bench.store.copy(to: path) }
    }
    try await bench.add([.sample("1")])
    #expect(try await bench.store.invoiceCount() == 1)
  }

  @Test("a damaged store gives no copy")
  func damaged() async throws {
    let bench = try StoreBench()
    try bench.store.close()
    try StoreCheckTests.overwrite("event", of: bench.folder("store.db"))
    let store = try Store(path: bench.folder("store.db"), time: bench.clock.time)
    let error = await #expect(throws: StoreError.self) { try await store.copy(to: bench.folder("copy.db")) }
    guard case .failed(let text) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("the copy is damaged") && text.contains("--check-store"))
  }

  @Test("who took one is in the history")
  func history() async throws {
    let bench = try StoreBench()
    try await bench.store.noteBackup(by: StoreBench.person, sizeInBytes: 4096)
    let note = try await bench.store.read { db in
      try String.fetchOne(db, sql: "SELECT uid || ' ' || name || ' ' || verb || ' ' || detail FROM action")
    }
    #expect(note == "1000 clerk backup 4096")
  }
}

extension StoreBench {
  fileprivate func copiedAt() async throws -> Int64? {
    try await store.read { try Int64.fetchOne($0, sql: "SELECT copied_at FROM store") }
  }
}
