import Testing

@testable import Store

@Suite struct RecentEventsTests {
  private let recent = RecentEvents()

  private func entry(_ sequence: Int64, job: Int64 = 1) -> Store.Entry {
    Store.Entry(sequence: sequence, job: job, json: "{}", isEnd: false)
  }

  private func commit(_ sequences: ClosedRange<Int64>, job: Int64 = 1) -> Bool {
    recent.begin()
    recent.add(sequences.map { entry($0, job: job) })
    return recent.commit()
  }

  private func after(_ sequence: Int64, job: Int64? = nil, limit: Int = 1000) -> [Int64]? {
    recent.after(sequence, job: job, limit: limit)?.map(\.sequence)
  }

  @Test("nothing is known at first, and nothing from before the first commit later")
  func unknown() {
    #expect(after(0) == nil)
    #expect(commit(7...8))
    #expect(after(5) == nil && after(6) == [7, 8] && after(7) == [8] && after(8) == [] && after(9) == [])
  }

  @Test("of one job or of all, and no more than wanted")
  func selection() {
    #expect(commit(1...2, job: 1) && commit(3...4, job: 2))
    #expect(after(0, job: 2) == [3, 4] && after(0, limit: 3) == [1, 2, 3] && after(1, job: 1, limit: 5) == [2])
  }

  @Test("what a transaction took back is not told, and a commit without events tells of none")
  func takenBack() {
    #expect(commit(1...1))
    recent.begin()
    recent.add([entry(2)])
    recent.begin()
    #expect(!recent.commit() && after(1) == [])
    #expect(commit(2...3) && after(1) == [2, 3])
  }

  @Test("after the database was opened anew, and after a gap, the rest is the database's")
  func gaps() {
    #expect(commit(1...3))
    recent.forget()
    #expect(after(3) == nil)
    #expect(commit(5...5) && after(3) == nil && after(4) == [5])
    #expect(commit(9...9) && after(5) == nil && after(8) == [9])
  }

  @Test("it keeps so many, whatever comes")
  func bounded() {
    for sequence in Int64(1)...1000 { _ = commit(sequence...sequence) }
    let known = (Int64(0)...1000).first { after($0) != nil } ?? 0
    #expect((600...800).contains(known), "\(known)")
    #expect(after(known) == Array((known + 1)...1000))
  }
}
