import Control
import Files
import Foundation
import Import
import Model
import Store
import Synchronization

/// Manifests that are being sent over the control socket. Each lives as long as the connection that began it.
actor Imports {
  /// At the same time; more are refused. Each holds one piece of text and one reader.
  private static let maximumOpen = 16
  /// One that got nothing for so long gives its place to another.
  private static let idleLimit = Duration.seconds(60)

  private let store: Store
  private let time: Time
  private var open: [String: OpenImport] = [:]

  init(store: Store, time: Time) {
    self.store = store
    self.time = time
  }

  /// Throws `TooMany` when there are too many already.
  ///
  /// - Returns: its id.
  func begin(_ parser: ManifestParser, _ check: FileCheck, connection: UInt64) async throws -> String {
    if open.count >= Self.maximumOpen { await dropIdle() }
    guard open.count < Self.maximumOpen else { throw TooMany() }
    let id = UUID().uuidString
    open[id] = OpenImport(
      id: id, connection: connection, parser: parser, check: check, store: store, time: time)
    return id
  }

  struct TooMany: Error {}

  /// The import of this id, if this connection began it.
  func find(_ id: String, connection: UInt64) throws -> OpenImport {
    guard let found = open[id], found.connection == connection else { throw VarlinkError.noSuchImport(id) }
    return found
  }

  private func dropIdle() async {
    let limit = time.uptime() - Self.idleLimit
    for found in open.values where found.isIdle(since: limit) { await drop(found.id) }
  }

  /// Forgets an import and drops what was staged.
  func drop(_ id: String) async {
    guard open.removeValue(forKey: id) != nil else { return }
    // What cannot be dropped now is dropped at the next start.
    try? await store.dropImport(id)
  }

  /// Forgets an import that was applied.
  func forget(_ id: String) { open[id] = nil }
}

/// One manifest on its way: parsed, checked and staged piece by piece, in bounded memory.
actor OpenImport {
  let id: String
  nonisolated let connection: UInt64
  private var parser: ManifestParser
  private let check: FileCheck
  private let store: Store
  private let time: Time
  private let use: Mutex<Use>

  /// Calls that run, and when the last one ended.
  private struct Use {
    var calls = 0
    var ended: Duration
  }

  init(id: String, connection: UInt64, parser: ManifestParser, check: FileCheck, store: Store, time: Time) {
    self.id = id
    self.connection = connection
    self.parser = parser
    self.check = check
    self.store = store
    self.time = time
    use = Mutex(Use(ended: time.uptime()))
  }

  /// Lines in one staging change: some milliseconds of the writer's time.
  private static let batch = 200

  func add(_ text: String) async throws { try await stage(parser.feed(text)) }

  /// Keeps its place while a call runs.
  nonisolated func using<T>(_ body: () async throws -> T) async rethrows -> T {
    use.withLock { $0.calls += 1 }
    defer {
      use.withLock { use in
        use.calls -= 1
        use.ended = time.uptime()
      }
    }
    return try await body()
  }

  nonisolated func isIdle(since limit: Duration) -> Bool {
    use.withLock { $0.calls == 0 && $0.ended < limit }
  }

  /// After the last piece.
  ///
  /// - Returns: false when the manifest as a whole could not be read; its problem is staged.
  func finish() async throws -> Bool {
    try await stage(parser.finish())
    try await store.checkRefusals(of: id)
    return !parser.isUnreadable
  }

  private func stage(_ lines: [ManifestLine]) async throws {
    for start in stride(from: 0, to: lines.count, by: Self.batch) {
      let piece = Array(lines[start..<min(start + Self.batch, lines.count)])
      let checked = await IOThread.run { [check] in check.check(piece) }
      var invoices: [StagedInvoice] = []
      var problems = piece.flatMap(\.warnings)
      for line in checked {
        switch line {
        case .invoice(let line, let invoice, let sentAt):
          invoices.append(StagedInvoice(line: line, invoice: invoice, sentAt: sentAt))
        case .problems(let found): problems += found
        }
      }
      try await store.stage(id, invoices: invoices, problems: problems)
    }
  }
}
