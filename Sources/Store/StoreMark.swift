import Files
import Foundation
import Model
import Synchronization

/// What is kept outside the database, in the file `epoch` beside it, to tell a store that goes on where it was from one
/// that was put back, copied, emptied or lost: a database alone looks the same after yesterday's file was put in its place.
///
/// **What it proves.** The database counts a generation (`store.generation`): it is raised in the commit of every change
/// that must not be forgotten, which is each one that begins a send and each one that a person asked for
/// (`StoreTransaction.raiseGeneration`), and when the store is opened. The order is always
///
/// 1. commit the raised generation with the change, and sync it;
/// 2. write it into the mark, and sync that;
/// 3. answer whoever asked for the change, who then sends.
///
/// So the mark is never ahead of the database that it was written for, wherever the power goes: a crash between 1 and 2
/// leaves the database ahead, which is how a healthy store may look and a restored one may not. And whatever was sent is
/// in a database of the mark's generation or a later one: a database that is behind the mark is an older one, however it
/// came there. That covers a copy written over the file, which changes no inode, and a log (`store.db-wal`) that was
/// removed. A store that is behind by changes that were committed and not answered has nothing of them to repeat.
///
/// The generation says nothing where database and mark were put back together. There the file's identity does, unless
/// both were written over in place.
struct StoreMark: Codable, Sendable, Hashable {
  /// The store's identity.
  var store: String
  var epoch: String
  /// A lower bound of the database's own.
  var generation: Int64
  /// Of the database file.
  var file: FileIdentity

  init(store: String, epoch: String, generation: Int64, file: FileIdentity) {
    self.store = store
    self.epoch = epoch
    self.generation = generation
    self.file = file
  }

  private enum CodingKeys: String, CodingKey {
    case store, epoch, generation, inode, birth
  }

  /// Marks of version 0.1 have neither a generation nor a birth.
  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    store = try values.decode(String.self, forKey: .store)
    epoch = try values.decode(String.self, forKey: .epoch)
    generation = try values.decodeIfPresent(Int64.self, forKey: .generation) ?? 0
    file = FileIdentity(
      inode: try values.decode(UInt64.self, forKey: .inode),
      birth: try values.decodeIfPresent(Int64.self, forKey: .birth))
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(store, forKey: .store)
    try values.encode(epoch, forKey: .epoch)
    try values.encode(generation, forKey: .generation)
    try values.encode(file.inode, forKey: .inode)
    try values.encodeIfPresent(file.birth, forKey: .birth)
  }

  /// Where the mark of a database lies, and what it should say of the file. All calls block.
  struct File: Sendable {
    /// All of it: the mark is padded, so that a later one covers an earlier one.
    private static let sizeInBytes = 256
    /// Nobody makes it longer but by hand.
    private static let maximumSizeInBytes = 4096

    private let path: String
    private let database: String

    init(beside database: String) {
      self.database = database
      path = (database as NSString).deletingLastPathComponent + "/epoch"
    }

    /// Of the database file as it is now.
    var identity: FileIdentity { FileIdentity(of: database) ?? FileIdentity(inode: 0, birth: nil) }

    /// Nil: there is none that can be read.
    func read() -> StoreMark? {
      guard let file = try? SmallFile(reading: path, maximumSizeInBytes: Self.maximumSizeInBytes) else { return nil }
      return try? WireJSON.decode(StoreMark.self, from: Data(file.bytes))
    }

    /// Replaces whatever mark is there, durably.
    func write(_ mark: StoreMark) throws { try DurableFile.write(try Self.bytes(mark), to: path) }

    /// Writes over the mark that is there, durably; one that somebody removed is made anew.
    func overwrite(_ mark: StoreMark) throws {
      let bytes = try Self.bytes(mark)
      do {
        try DurableFile.overwrite(bytes, at: path)
      } catch  where error.number == ENOENT {
        try DurableFile.write(bytes, to: path)
      }
    }

    private static func bytes(_ mark: StoreMark) throws -> [UInt8] {
      let text = Array(try WireJSON.encode(mark))
      return text + Array(repeating: UInt8(ascii: " "), count: max(0, sizeInBytes - 1 - text.count)) + [10]
    }
  }
}

/// The mark of an open store. The writer raises it, and nobody else.
final class CurrentMark: Sendable {
  private let file: StoreMark.File
  private let mark: Mutex<StoreMark>

  /// - Parameter mark: what the file says.
  init(_ file: StoreMark.File, _ mark: StoreMark) {
    self.file = file
    self.mark = Mutex(mark)
  }

  /// Returns when the mark on the disk has a generation that is committed, or a later one; blocks. After an error the next
  /// call writes it again.
  func raise(to generation: Int64) throws {
    var mark = mark.withLock { $0 }
    guard generation > mark.generation else { return }
    mark.generation = generation
    try file.overwrite(mark)
    self.mark.withLock { [mark] in $0 = mark }
  }
}
