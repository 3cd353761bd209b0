import Foundation
import GRDB
import Model
@testable import Store
import Testing
import TestSupport

@Suite("Writing")
struct WriterTests {
  @Test("commits are synced: synchronous reads FULL")
  func synchronous() throws {
    #expect(try StoreBench().store.synchronousMode() == 2)
  }

  @Test("a change whose task is cancelled is written all the same")
  func cancelledWriter() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let job = try await bench.start("r", ["1"])
    let due = try #require(try await bench.dueDeliveries().first)
    #expect(try await bench.begin(due) == .go)
    let receipt = bench.receipt()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      _ = try await bench.store.finishSending(due, .sent(receipt))
    }
    try await task.value
    #expect(try await bench.store.job(job.id).counts.sent == 1)
  }

  @Test("changes that fail take no other along")
  func savepoints() async throws {
    let bench = try StoreBench()
    try await bench.add((1...20).map { .sample("\($0)") })
    let results = await withTaskGroup(of: Bool.self) { group in
      for n in 1...40 {
        group.addTask {
          do {
            try await bench.store.hold(invoice: "\(n)", reason: "r", by: StoreBench.person)
            return true
          } catch { return false }
        }
      }
      return await group.reduce(into: [Bool]()) { $0.append($1) }
    }
    #expect(results.count { $0 } == 20)
    let held = try await bench.store.listInvoices(Filter(), after: nil, limit: 100).count {
      $0.json.contains(#""held":"#)
    }
    #expect(held == 20)
  }

  @Test("on a full disk a batch is refused whole, and all of it can be written when there is room")
  func fullDisk() async throws {
    let bench = try StoreBench()
    try await bench.add((1...20).map { .sample("\($0)") })
    let job = try await bench.start("r", (1...20).map(String.init))
    let due = try await bench.dueDeliveries(20)
    for delivery in due { #expect(try await bench.begin(delivery) == .go) }
    try await bench.limitPages(to: 1)
    let results = await withTaskGroup(of: StoreError?.self) { group in
      for delivery in due {
        group.addTask {
          let words = String(repeating: "words ", count: 2000)
          do throws(StoreError) {
            _ = try await bench.store.finishSending(delivery, .failed(.messageRefused, words))
            return nil
          } catch { return error }
        }
      }
      return await group.reduce(into: [StoreError?]()) { $0.append($1) }
    }
    #expect(results.contains(.full) && results.allSatisfy { $0 == nil || $0 == .full }, "\(results)")
    #expect(try await bench.store.job(job.id).counts.failed == results.count { $0 == nil })
    #expect(bench.store.isShortOfRoom, "the reserve is given up for outcomes")
    try await bench.limitPages(to: 1_000_000)
    try await bench.store.probe()
    #expect(!bench.store.isShortOfRoom, "and made anew before anything is sent")
    let states = try await bench.store.deliveries(job: job.id, states: [.sending], period: nil, after: 0, limit: 100)
    for delivery in due where states.contains(where: { $0.id == delivery.id }) {
      _ = try await bench.store.finishSending(delivery, .sent(bench.receipt()))
    }
    #expect(try await bench.store.job(job.id).counts.left == 0)
  }

  @Test("a change that changes nothing wakes nobody")
  func quiet() async throws {
    let bench = try StoreBench()
    var changes = bench.store.commits.listen().makeAsyncIterator()
    await changes.next()
    try await bench.store.release(pipeline: "invoices", .daily)
    try await bench.add([.sample("1")])
    await changes.next()
    #expect(try await bench.store.invoiceCount() == 1, "woken by the import, not by the release")
  }

  @Test("a database of a newer version is refused, and left as it is")
  func newerDatabase() async throws {
    let bench = try StoreBench()
    let path = bench.folder.path + "/store.db"
    try bench.store.close()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(\"insert into grdb_migrations values('99')\"); c.commit()",
      path,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let error = #expect(throws: StoreError.self) { _ = try Store(path: path, time: .system) }
    guard case .unusable(let text) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(text.contains("newer version"))
  }

  @Test("a database that does not fit together is said to be damaged, in a sentence for an operator")
  func damagedDatabase() async throws {
    let bench = try StoreBench()
    let path = bench.folder.path + "/store.db"
    try bench.store.close()
    try Data(repeating: 0x55, count: 8192).write(to: URL(filePath: path))
    let error = #expect(throws: StoreError.self) { _ = try Store(path: path, time: .system) }
    let text = error.map(\.description) ?? ""
    #expect(text.hasPrefix("\(path) cannot be opened: SQLite 26") && text.contains("the database is damaged"))
  }
}

extension StoreBench {
  /// Makes the writer's disk as small as it can be, or large again (PRAGMA max_page_count never goes below what is
  /// used).
  fileprivate func limitPages(to pages: Int) async throws {
    try await store.pool.writeWithoutTransaction { db in
      _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
    }
  }
}
