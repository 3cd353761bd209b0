import Foundation
import Model
import TestSupport
import Testing

extension CrashTests {
  private func traced(_ setting: DaemonSetting, count: Int, maildir: Bool) async throws -> [DiskTrace.Operation] {
    let daemon = try await RunningDaemon(setting, starts: false)
    let disk = try TracedDisk([daemon.state] + (maildir ? [daemon.folder + "/maildir"] : []))
    daemon.prepareStarts {
      try disk.begin()
      return try disk.environment()
    }
    try await daemon.start()
    try await daemon.imports(SampleInvoice.series(count))
    let job = try await daemon.startAll("r")
    try await eventually("the job settles") { try await daemon.isSettled(job) }
    try await daemon.stop()
    return try disk.trace().operations
  }

  @Test("no send leaves before the sync that covers it, and deliveries at the same time share their syncs")
  func sendAfterSync() async throws {
    let count = 40
    let sandbox = try RunningSandbox(["--latency-ms", "20", "--units-per-minute", "0"])
    let operations = try await traced(
      .gmail(sandbox, ["concurrency": "8", "http2": "false"]), count: count, maildir: false)
    /// Index of the write that first had a draft's id in the log: the commit of `sending`.
    var written: [String: Int] = [:]
    /// Where the last sync of the log began that has ended.
    var began: [UInt32: Int] = [:]
    var covered = -1
    /// The same for the mark beside the database: what is sent is not unknown to it.
    var (lastMark, marked) = (-1, -1)
    var (sends, syncs) = (0, 0)
    for (index, operation) in operations.enumerated() {
      switch operation {
      case .write(let path, _, let data) where path.hasSuffix("-wal"):
        for draft in Self.drafts(in: String(decoding: data, as: UTF8.self)) where written[draft] == nil {
          written[draft] = index
        }
      case .syncBegins(let path, let number) where path.hasSuffix("-wal"): began[number] = index
      case .syncEnds(let path, let number) where path.hasSuffix("-wal"):
        covered = max(covered, began[number] ?? -1)
        syncs += 1
      case .write(let path, _, _) where path.hasSuffix("/epoch"): lastMark = index
      case .syncEnds(let path, _) where path.hasSuffix("/epoch"): marked = lastMark
      case .send(let text) where text.contains("{\"id\":\""):
        for draft in Self.drafts(in: text) {
          sends += 1
          let commit = try #require(written[draft], "\(draft) is sent, and not written")
          #expect(covered > commit, "\(draft) is sent before its commit is synced")
          #expect(marked > commit, "\(draft) is sent before the mark knows of its commit")
        }
      default: break
      }
    }
    #expect(sends == count)
    // Each delivery has three changes: sending, the outcome, recorded.
    print("\(syncs) syncs of the log for \(3 * count) changes")
    #expect(syncs < 3 * count)
  }

  /// Ids as the sandbox makes them: `"draft":"r-…"` in a token, `"id":"r-…"` in a send.
  private static func drafts(in text: String) -> [String] {
    text.matches(of: /r-?[0-9]{6,}|r-[0-9A-Za-z_-]{6,}/).map { String($0.output) }
  }

  @Test("a mail is synced before it is delivered, and its new name before it is called sent")
  func maildirOrder() async throws {
    let operations = try await traced(.maildir, count: 20, maildir: true)
    var synced: Set<String> = []
    var (moves, isFolderSynced) = ([String](), true)
    for operation in operations {
      switch operation {
      case .syncEnds(let path, _) where path.hasSuffix("/new"): isFolderSynced = true
      case .syncEnds(let path, _): synced.insert(path)
      case .rename(let from, let to) where to.contains("/maildir/new/"):
        #expect(synced.contains(from), "delivered before its content was on the disk")
        moves.append(to)
        isFolderSynced = false
      case .write(let path, _, let data) where path.hasSuffix("-wal"):
        // The receipt names the file.
        guard let name = moves.last.map({ ($0 as NSString).lastPathComponent }), !isFolderSynced else { continue }
        let text = String(decoding: data, as: UTF8.self)
        #expect(!text.contains("\"message\":\"\(name)\""), "called sent before its name was on the disk")
      default: break
      }
    }
    #expect(moves.count == 20)
  }
}
