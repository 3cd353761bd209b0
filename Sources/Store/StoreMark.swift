import Files
import Foundation
import Model

/// What is kept outside the database to tell a store that goes on from one that was put back or copied: a database alone
/// looks the same after yesterday's file was put in its place.
struct StoreMark: Codable, Sendable, Hashable {
  /// The store's identity.
  var store: String
  var epoch: String
  /// Of the database file (inode(7)): a file that was copied into place has another one.
  var inode: UInt64

  /// Where the mark of a database lies, and what it should say of the file.
  struct File: Sendable {
    /// A mark takes some hundred bytes.
    private static let maximumSizeInBytes = 4096

    private let path: String
    private let database: String

    init(beside database: String) {
      self.database = database
      path = (database as NSString).deletingLastPathComponent + "/epoch"
    }

    /// Of the database file as it is now; 0 when it cannot be seen.
    var inode: UInt64 {
      var status = stat()
      return stat(database, &status) == 0 ? UInt64(status.st_ino) : 0
    }

    /// Nil: there is none that can be read.
    func read() -> StoreMark? {
      guard let file = FileHandle(forReadingAtPath: path),
        let bytes = try? file.read(upToCount: Self.maximumSizeInBytes)
      else { return nil }
      return try? WireJSON.decode(StoreMark.self, from: bytes)
    }

    /// Writes it durably, unless it says so already; blocks.
    func write(_ mark: StoreMark) throws {
      guard read() != mark else { return }
      try DurableFile.write(Array(try WireJSON.encode(mark)) + [10], to: path)
    }
  }
}

/// Why a store does not go on where it was: what it says may be older than what was sent.
package enum Restoration: Sendable, Hashable, CustomStringConvertible {
  /// It is a backup that was made at this time.
  case backup(Date)
  /// The database and the mark beside it are not of one time: one of them was put back, or copied, or is missing.
  case otherMark
  /// It lies in another file than before: it was copied or put back.
  case otherFile

  package var description: String {
    switch self {
    case .backup(let date): "it is the backup of \(WireJSON.text(of: date))"
    case .otherMark: "the database and the file “epoch” beside it do not belong together"
    case .otherFile: "the database was copied into place"
    }
  }
}
