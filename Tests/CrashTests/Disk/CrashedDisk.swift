import Foundation
import TestSupport

/// The files as a crash of the machine leaves them: what a completed sync covers stays, of everything later some is there
/// and some is not.
///
/// A sync of a file covers the changes of its content that were made before it began. Names are a journal: a sync of a
/// folder makes its changes durable and all that came before them; of the rest a beginning is left.
struct CrashedDisk {
  private static let sector = 512

  private enum Change {
    case write(offset: Int, Data)
    case truncate(size: Int)
  }

  /// A file's content, whatever its names.
  private final class Content {
    var durable: [UInt8]
    var pending: [Change] = []

    init(_ durable: [UInt8]) { self.durable = durable }
  }

  private enum NameChange {
    case create(String, Content)
    case rename(from: String, to: String)
    case unlink(String)

    func concerns(_ folder: String) -> Bool {
      let paths =
        switch self {
        case .create(let path, _), .unlink(let path): [path]
        case .rename(let from, let to): [from, to]
        }
      return paths.contains { ($0 as NSString).deletingLastPathComponent == folder }
    }
  }

  private var names: [String: Content] = [:]
  private var durableNames: [String: Content] = [:]
  private var pendingNames: [NameChange] = []
  /// What was pending when a sync began.
  private var syncs: [UInt32: Int] = [:]

  /// - Parameter before: the files when the trace began: all of them durable.
  init(_ before: [String: [UInt8]], _ trace: DiskTrace) {
    for (path, bytes) in before { names[path] = Content(bytes) }
    durableNames = names
    for operation in trace.operations { follow(operation) }
  }

  private mutating func follow(_ operation: DiskTrace.Operation) {
    switch operation {
    case .create(let path):
      let content = Content([])
      names[path] = content
      pendingNames.append(.create(path, content))
    case .write(let path, let offset, let data): names[path]?.pending.append(.write(offset: offset, data))
    case .truncate(let path, let size): names[path]?.pending.append(.truncate(size: size))
    case .syncBegins(let path, let number): syncs[number] = names[path]?.pending.count ?? pendingNames.count
    case .syncEnds(let path, let number): end(path, syncs[number] ?? 0)
    case .rename(let from, let to):
      names[to] = names.removeValue(forKey: from)
      pendingNames.append(.rename(from: from, to: to))
    case .unlink(let path):
      names[path] = nil
      pendingNames.append(.unlink(path))
    case .send: break
    }
  }

  private mutating func end(_ path: String, _ covered: Int) {
    if let content = names[path] {
      // Another sync of the same file may have ended meanwhile.
      let count = min(covered, content.pending.count)
      for change in content.pending.prefix(count) { Self.apply(change, &content.durable) }
      content.pending.removeFirst(count)
    } else if let last = pendingNames.prefix(covered).lastIndex(where: { $0.concerns(path) }) {
      for change in pendingNames[...last] { Self.apply(change, &durableNames) }
      pendingNames.removeFirst(last + 1)
    }
  }

  /// The files after the crash, by path.
  func files(_ random: inout SeededGenerator) -> [String: [UInt8]] {
    var left = durableNames
    for change in pendingNames.prefix(Int.random(in: 0...pendingNames.count, using: &random)) {
      Self.apply(change, &left)
    }
    return left.mapValues { content in
      var bytes = content.durable
      for change in content.pending where Bool.random(using: &random) {
        Self.apply(Self.torn(change, &random), &bytes)
      }
      return bytes
    }
  }

  /// One in four writes reaches the disk in part.
  private static func torn(_ change: Change, _ random: inout SeededGenerator) -> Change {
    guard case .write(let offset, let data) = change, random.isOne(in: 4), data.count > sector else { return change }
    let sectors = Int.random(in: 1...(data.count / sector), using: &random)
    return .write(offset: offset, data.prefix(sectors * sector))
  }

  private static func apply(_ change: Change, _ bytes: inout [UInt8]) {
    switch change {
    case .truncate(let size):
      bytes = Array(bytes.prefix(size)) + [UInt8](repeating: 0, count: max(0, size - bytes.count))
    case .write(let offset, let data):
      bytes += [UInt8](repeating: 0, count: max(0, offset + data.count - bytes.count))
      bytes.replaceSubrange(offset..<(offset + data.count), with: data)
    }
  }

  private static func apply(_ change: NameChange, _ names: inout [String: Content]) {
    switch change {
    case .create(let path, let content): names[path] = content
    case .rename(let from, let to): names[to] = names.removeValue(forKey: from) ?? names[to]
    case .unlink(let path): names[path] = nil
    }
  }
}
