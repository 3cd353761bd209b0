import Foundation
import Model
import Testing

@testable import Store

@Suite("Pages of lists")
struct PageTests {
  /// So many invoices with a field of so many bytes.
  private func bench(_ count: Int, fieldSizeInBytes: Int) async throws -> StoreBench {
    let bench = try StoreBench()
    try await bench.add(
      (1...count).map { number in
        var invoice = Invoice.sample("\(1000 + number)")
        invoice.fields["note"] = String(repeating: "x", count: fieldSizeInBytes)
        return invoice
      })
    return bench
  }

  @Test("a page ends before 256 KiB, and the next one goes on behind it")
  func bytes() async throws {
    let bench = try await bench(20, fieldSizeInBytes: 40_000)
    var numbers: [String] = []
    var last: String?
    while true {
      let page = try await bench.store.listInvoices(Filter(), after: last, limit: 500)
      #expect(page.reduce(0) { $0 + $1.json.utf8.count } <= 256 * 1024)
      numbers += page.map(\.place)
      guard page.hasMore else { break }
      last = page.last?.place
    }
    #expect(numbers == (1001...1020).map { "\($0)" })
  }

  @Test("an element that is longer than a page has one of its own")
  func long() async throws {
    let bench = try await bench(2, fieldSizeInBytes: 300_000)
    let page = try await bench.store.listInvoices(Filter(), after: nil, limit: 500)
    #expect(page.count == 1 && page.hasMore)
  }

  @Test("deliveries and jobs come in pages of the same bound")
  func others() async throws {
    let bench = try await bench(20, fieldSizeInBytes: 1)
    let job = try await bench.start("a", (1001...1020).map { "\($0)" })
    for due in try await bench.dueDeliveries(20) {
      try await bench.store.fail(due.id, .recipientRefused, String(repeating: "x", count: 40_000))
    }
    let first = try await bench.store.listDeliveries(job: job.id, states: [], period: nil, after: 0, limit: 500)
    #expect((1..<20).contains(first.count) && first.hasMore)
    let rest = try await bench.store.listDeliveries(job: nil, states: [], period: nil, after: 1, limit: 2)
    #expect(rest.count == 2 && rest.hasMore)
    #expect(try await bench.store.jobs(before: nil, limit: 500).hasMore == false)
  }

  @Test("problems come in the order of their lines, each once, however many are of one line")
  func problems() async throws {
    let bench = try StoreBench()
    let lines = [3, 1, 2, 2, 2, 2, 1, 4]
    try await bench.store.stage(
      "i", invoices: [],
      problems: lines.enumerated().map { ImportProblem(line: $1, column: nil, code: .numberDuplicate, value: "\($0)") })
    var read: [ImportProblem] = []
    var last: Store.StagedProblem?
    while true {
      let page = try await bench.store.problems(of: "i", after: last, limit: 3)
      guard let end = page.last else { break }
      last = end
      read += page.map(\.problem)
    }
    #expect(read.map(\.value) == ["1", "6", "2", "3", "4", "5", "0", "7"])
  }
}
