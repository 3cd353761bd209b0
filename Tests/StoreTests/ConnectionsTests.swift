import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite("Connections that are made anew", .timeLimit(.minutes(1)))
struct ConnectionsTests {
  @Test("a read that does not end keeps the file from being opened anew, and nobody else from an answer")
  func frozenRead() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    let gate = DispatchSemaphore(value: 0)
    let isReading = Atomic(false)
    let frozen = Task {
      try await bench.store.read { _ in
        isReading.store(true, ordering: .relaxed)
        gate.wait()
      }
    }
    try await eventually("it reads") { isReading.load(ordering: .relaxed) }
    let old = bench.store.connections.pool
    let reopening = Task.detached { await bench.reopenConnections() }
    try await eventually("they are being given up") { (try? await bench.store.invoiceCount()) == nil }
    // More of them than there are threads for tasks.
    await withTaskGroup { group in
      for _ in 1...32 {
        group.addTask {
          let error = await #expect(throws: StoreError.self) { try await bench.store.invoiceCount() }
          #expect(error?.words.contains("opened anew") == true)
        }
      }
    }
    gate.signal()
    _ = try? await frozen.value
    await reopening.value
    #expect(try await bench.store.invoiceCount() == 1)
    #expect(bench.store.connections.pool !== old)
  }

  @Test("a read that meets it is answered by the new ones, and never by a closed one")
  func duringReopening() async throws {
    let bench = try StoreBench()
    try await bench.add([.sample("1")])
    await withTaskGroup { group in
      for _ in 1...5 { group.addTask { await bench.reopenConnections() } }
      for _ in 1...200 {
        group.addTask {
          // On a busy machine one may come too late for the patience of readers, and hears that.
          do throws(StoreError) {
            #expect(try await bench.store.invoiceCount() == 1)
          } catch {
            #expect(error.words.contains("opened anew"))
          }
        }
      }
    }
    #expect(try await bench.store.invoiceCount() == 1)
  }
}

extension StoreBench {
  private static let writer = DispatchQueue(label: "test.writer")

  /// On a thread that may block, and one at a time, as the writer does.
  fileprivate func reopenConnections() async {
    let connections = store.connections
    await withCheckedContinuation { continuation in
      Self.writer.async {
        _ = try? connections.reopen()
        continuation.resume()
      }
    }
  }
}
